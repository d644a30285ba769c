from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Session(models.Model):
    """A browser's session. Only the hash of its secret is kept; no face has a right on this table.

    `awaits_code`: the password was right, the one-time code is still to come; nobody is signed in yet.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    face = models.CharField(max_length=10, choices=[("public", "public"), ("office", "office")])
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True)
    awaits_code = models.BooleanField(default=False, db_default=False)
    code_at = models.DateTimeField(null=True)
    data = models.TextField(default="", db_default="", blank=True)
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_index=True)
    address = models.CharField(max_length=64, default="", blank=True)
    agent = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(face__in=["public", "office"]), name="accounts_session_face"),
        ]
        indexes = [
            models.Index("created_at", condition=models.Q(account=None), name="accounts_visitors_lately"),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"


class Device(models.Model):
    """A browser on which somebody has signed in before: strangers' wrong passwords don't lock it out."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"device {self.pk}"


class Attempt(models.Model):
    """Something tried by or against somebody, counted to slow down guessing; `mark` is a hash.

    `proof` is a hash of what was offered where an answer is given only once the try is committed.
    """

    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=64)
    proof = models.CharField(max_length=64, default="", db_default="", blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index("kind", "mark", "at", name="accounts_attempts_lately")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"


class MailRequest(models.Model):
    """Somebody asked for a link by e-mail. The worker makes the token, so no face knows one that it was not shown."""

    class Status(models.TextChoices):
        ASKED = "asked"
        SENT = "sent"
        NOT_SENT = "not_sent"
        USED = "used"

    face = models.CharField(max_length=10)
    email = models.EmailField()
    language = models.CharField(max_length=5)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED, db_default=Status.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (unique where it is there)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"mail request {self.pk}"
