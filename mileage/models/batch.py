from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mileage.states import BatchStatus, Way

BY_TWO = Q(status=BatchStatus.DRAWN, decided_by=None, decided_at=None) | ~Q(status=BatchStatus.DRAWN) & Q(
    decided_by__isnull=False, decided_at__isnull=False
) & ~Q(decided_by=F("drawn_by"))


class Batch(models.Model):
    """Uses of one way that go to one partner in one file (전환 신청 파일), or to accounts.

    `content` is the file to the byte and `digest` its SHA-256 in hex: a second officer approves that and no other. It
    is sent once. `results` is what the partner answered, as it was read and before it is carried out.
    """

    way = models.CharField(max_length=12, choices=Way.choices)
    partner = models.CharField(max_length=20, default="", blank=True)
    status = models.CharField(max_length=10, choices=BatchStatus.choices, default=BatchStatus.DRAWN)
    uses_count = models.IntegerField()
    points = models.BigIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    results = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses_count__gt=0, points__gt=0), name="mileage_batch_not_empty"),
            models.CheckConstraint(condition=Q(status__in=BatchStatus.values), name="mileage_batch_status"),
            models.CheckConstraint(condition=BY_TWO, name="mileage_batch_needs_two"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(status__in=(BatchStatus.SENT, BatchStatus.ANSWERED)),
                name="mileage_batch_sent_when_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.way}"


class ExpiryNotice(models.Model):
    """A holder was told that points expire (소멸 예정 안내); mailed to the account's address, if there is one."""

    holder = models.ForeignKey("mileage.Holder", on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField()
    points = models.BigIntegerField()
    noted_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("holder", "expires_on", name="mileage_told_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="mileage_notice_points"),
        ]
        indexes = [models.Index("noted_at", name="mileage_notice_to_mail", condition=Q(mailed_at=None))]

    def __str__(self) -> str:
        return f"notice of {self.expires_on}"
