from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """Something that happened, written in the transaction in which it happened (transactional outbox).

    `bulk` is one of very many, such as a roll's bills: it waits until nothing else does.
    """

    topic = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    bulk = models.BooleanField(db_default=False)
    published_at = models.DateTimeField(db_default=Now())
    handed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("bulk", "id", name="core_event_waiting", condition=models.Q(handed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Delivery(models.Model):
    """One event on its way to one handler; done only in the commit of that handler's work."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT)
    handler = models.CharField(max_length=200)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("event", "handler", name="core_delivery_once_per_handler")]
        indexes = [
            models.Index("next_at", name="core_delivery_due", condition=models.Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.handler}"


class AuditRecord(models.Model):
    """Who did what to whose data, when, from where and why."""

    at = models.DateTimeField(db_default=Now())
    login = models.CharField(max_length=63)
    action = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    taxpayer_id = models.BigIntegerField(null=True, db_index=True)
    reason = models.TextField(default="", blank=True)
    details = models.JSONField(default=dict)
    address = models.CharField(max_length=64, default="", blank=True)
    session_mark = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        indexes = [
            models.Index("subject", "at", name="core_audit_of_subject"),
            models.Index("at", name="core_audit_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"


class LogLeaf(models.Model):
    """Content that shall stay provable: appended by its writer, sealed into the Merkle tree later."""

    kind = models.CharField(max_length=50)
    reference = models.CharField(max_length=100)
    content = models.JSONField()
    salt = models.BinaryField(max_length=16)
    appended_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class LogSeal(models.Model):
    """The place of a leaf in the tree: positions start at 0 and have no gap."""

    position = models.BigIntegerField(primary_key=True)
    leaf = models.OneToOneField(LogLeaf, on_delete=models.PROTECT)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.position)


class LogNode(models.Model):
    """Hash of a complete subtree: `level` 1 covers two leaves, `index` counts subtrees of that level from the left."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint("level", "index", name="core_lognode_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class TreeHead(models.Model):
    """A signed root over the first `size` leaves (RFC 9162, 4.9); `key_id` is the public key in hexadecimal."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)
    key_id = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.size}"


class LogWindow(models.Model):
    """Rows of a busy table under one leaf (see `sql/windows.sql`); `until` is the time of the youngest.

    The digest that counts stands in the leaf. `marks` are the first eight bytes of each row's hash in the order of the
    rows' ids: when the digest no longer holds they tell which row it was.
    """

    kind = models.CharField(max_length=50)
    number = models.BigIntegerField()
    leaf = models.OneToOneField(LogLeaf, on_delete=models.PROTECT)
    rows = models.IntegerField()
    until = models.DateTimeField()
    marks = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "number", name="core_logwindow_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class WindowMark(models.Model):
    """How far the windows of one kind have come: the last row in a window, in the order of finished transactions."""

    kind = models.CharField(max_length=50, primary_key=True)
    number = models.BigIntegerField()
    written_in = models.BigIntegerField()
    row_id = models.BigIntegerField()
    covered_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
