"""Bills before the Tax Tribunal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from appeals.models.case import Case
from appeals.tribunal_states import MOVES_MONEY, ReferralStatus, Route, TribunalOutcome


class Referral(models.Model):
    """A bill that its payer brought before the Tax Tribunal (심판청구), with the levying office's answer and our file.

    `heard_on`: the office heard of it, from when it has to answer. `case`: the objection about the bill, if there was
    one. Of the decision `lines` says for a corrected bill what each line comes to, in won; `told_on`: it was notified.
    """

    number = models.CharField(max_length=30, unique=True)
    status = models.CharField(max_length=8, choices=ReferralStatus.choices, default=ReferralStatus.OPEN)
    route = models.CharField(max_length=10, choices=Route.choices)
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="referrals")
    tribunal_number = models.CharField(max_length=40, default="", blank=True)
    seized_on = models.DateField()
    heard_on = models.DateField()
    claims = models.TextField(max_length=10_000, default="", blank=True)
    by_petitioner = models.BooleanField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer = models.TextField(max_length=20_000, default="", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    sent_on = models.DateField(null=True)
    outcome = models.CharField(max_length=10, choices=TribunalOutcome.choices, default="", blank=True)
    lines = models.JSONField(default=dict, blank=True)
    reasons = models.TextField(max_length=20_000, default="", blank=True)
    decided_on = models.DateField(null=True)
    told_on = models.DateField(null=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    change = models.OneToOneField("billing.BillChange", on_delete=models.PROTECT, null=True, related_name="+")
    refused = models.CharField(max_length=1000, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReferralStatus.values, route__in=Route.values)
                & Q(outcome__in=("", *TribunalOutcome.values))
                & Q(heard_on__gte=F("seized_on")),
                name="appeals_referral_says",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None) | ~Q(answer="") & Q(answered_by__isnull=False),
                name="appeals_referral_answered",
            ),
            models.CheckConstraint(
                condition=Q(status__in=(ReferralStatus.OPEN, ReferralStatus.SENT), outcome="", written_by=None)
                | Q(status__in=(ReferralStatus.WRITTEN, ReferralStatus.DECIDED))
                & ~Q(outcome="")
                & Q(written_by__isnull=False, decided_on__gte=F("seized_on"), told_on__gte=F("decided_on")),
                name="appeals_referral_decided",
            ),
            models.CheckConstraint(
                condition=Q(outcome=TribunalOutcome.CORRECTED) & ~Q(lines={})
                | ~Q(outcome=TribunalOutcome.CORRECTED) & Q(lines={}),
                name="appeals_referral_lines",
            ),
            # Whoever wrote down a decision that moves money does not confirm it.
            models.CheckConstraint(
                condition=~Q(status=ReferralStatus.DECIDED, outcome__in=MOVES_MONEY)
                | Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("written_by")),
                name="appeals_referral_by_two",
            ),
            models.UniqueConstraint(
                "bill", condition=~Q(status=ReferralStatus.DECIDED), name="appeals_referral_one_a_bill"
            ),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-id"], name="appeals_referral_of_taxpayer"),
            models.Index(fields=["body", "status"], name="appeals_referral_of_body"),
        ]

    def __str__(self) -> str:
        return self.number


class ReferralFile(models.Model):
    """The file that went to the Tribunal: one PDF, its index [[title, page], …] and its hash. Append-only."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="file")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    pages = models.IntegerField()
    index = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file of {self.referral_id}"
