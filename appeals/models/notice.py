"""Notices of intended assessments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.notice_states import NoReview, NoticeGround, NoticeStatus
from appeals.states import How


class Notice(models.Model):
    """An intended assessment that its payer is told of (과세예고통지): Framework Act on Local Taxes, article 88.

    `lines` is [{"tax", "amount"}, …] in won, `basis` what it rests on in words. Confirmed by a second officer it has
    its draft of a bill, which billing keeps from being issued. `expires_on`: the right to assess ends that day.
    """

    number = models.CharField(max_length=30, null=True, unique=True)  # noqa: DJ001 (confirmed ones have one)
    status = models.CharField(max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.WRITTEN)
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+")
    tax = models.ForeignKey("billing.TaxType", on_delete=models.PROTECT, related_name="+")
    tax_year = models.SmallIntegerField()
    term = models.SmallIntegerField()
    object_ref = models.CharField(max_length=24)
    liability_on = models.DateField()
    lines = models.JSONField()
    ground = models.CharField(max_length=16, choices=NoticeGround.choices)
    basis = models.CharField(max_length=2000)
    no_review = models.CharField(max_length=10, choices=NoReview.choices, default="", blank=True)
    expires_on = models.DateField(null=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    bill = models.OneToOneField("billing.Bill", on_delete=models.PROTECT, null=True, related_name="+")
    served_on = models.DateField(null=True)
    how = models.CharField(max_length=8, choices=How.choices, default="", blank=True)
    tracking = models.CharField(max_length=40, default="", blank=True)
    waits_until = models.DateField(null=True)
    early_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, default="", blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=NoticeStatus.values, ground__in=NoticeGround.values)
                & Q(no_review__in=NoReview.values)
                & ~Q(basis="")
                & ~Q(lines=[]),
                name="appeals_notice_says",
            ),
            models.CheckConstraint(
                condition=Q(no_review=NoReview.EXPIRES, expires_on__isnull=False) | ~Q(no_review=NoReview.EXPIRES),
                name="appeals_notice_expires",
            ),
            # Whoever wrote it does not confirm it.
            models.CheckConstraint(
                condition=Q(status=NoticeStatus.WRITTEN, confirmed_by=None, bill=None, number=None)
                | Q(status=NoticeStatus.DROPPED, bill=None)
                | ~Q(status=NoticeStatus.WRITTEN)
                & Q(confirmed_by__isnull=False, confirmed_at__isnull=False, bill__isnull=False, number__isnull=False)
                & ~Q(confirmed_by=F("written_by")),
                name="appeals_notice_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(NoticeStatus.SERVED, NoticeStatus.ISSUED))
                | Q(served_on__isnull=False, waits_until__gt=F("served_on"), how__in=How.values),
                name="appeals_notice_served",
            ),
            models.CheckConstraint(condition=~Q(how=How.POST) | ~Q(tracking=""), name="appeals_notice_tracked"),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-id"], name="appeals_notice_of_taxpayer"),
            models.Index(fields=["body", "status"], name="appeals_notice_of_body"),
            models.Index("waits_until", name="appeals_notice_waits", condition=Q(status=NoticeStatus.SERVED)),
        ]

    def __str__(self) -> str:
        return self.number or f"notice {self.pk}"
