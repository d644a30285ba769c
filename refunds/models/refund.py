"""What the city owes somebody back, and what was decided about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from refunds.states import Cause, Origin, Status, Told, Way


class Refund(models.Model):
    """A sum that goes back (지방세환급금), found by itself, once per `source`.

    `amount` is what was found, `lost` what of it is no longer owed since money was taken back; the rest is available.
    `interest` (환급가산금), `plan` and `steps` are what it comes to if it is decided on `figures_on`; after approval
    they are what was approved. `arose_on` is the day on which the claim came into being: set-off works back to it, and
    `expires_on`, when it is prescribed, is counted from it. `final_on`: a judgment or decision became final.
    `told_by`: who said why it goes back; `requested_on`: when the payer asked the office for it, which is no claim by
    right; `arrived_on`: when its notice arrived, where that decides whether they asked in time.
    """

    reference = models.CharField(max_length=24, unique=True)
    source = models.CharField(max_length=100, unique=True)
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    tax = models.CharField(max_length=40)
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=20, choices=Cause.choices)
    origin = models.CharField(max_length=16, choices=Origin.choices)
    # Whether the gateway that took it can give it back: to the card that paid, or, a deposit, to an account.
    by_card = models.BooleanField(default=False)
    by_deposit = models.BooleanField(default=False)
    amount = models.BigIntegerField()
    lost = models.BigIntegerField(default=0)
    arose_on = models.DateField()
    event_on = models.DateField(null=True)
    final_on = models.DateField(null=True)
    told_by = models.CharField(max_length=10, choices=Told.choices, default="", blank=True)
    requested_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    expires_on = models.DateField()
    opened_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPENED)
    # What the citizen asked for, or an officer chose; empty: nobody has said anything yet.
    way = models.CharField(max_length=10, choices=Way.choices, default="", blank=True)
    to_bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    interest = models.BigIntegerField(default=0)
    figures_on = models.DateField(null=True)
    plan = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    assessed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    third_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    third_at = models.DateTimeField(null=True)
    needs_third = models.BooleanField(default=False)
    paid_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, lost__gte=0, lost__lte=F("amount"), interest__gte=0),
                name="refunds_refund_amounts",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="refunds_refund_status"),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="refunds_refund_cause"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="refunds_refund_origin"),
            models.CheckConstraint(
                condition=Q(told_by__in=("", Told.APPEAL, Told.CLAIM), requested_on=None)
                | Q(told_by=Told.REQUEST, requested_on__isnull=False),
                name="refunds_refund_told",
            ),
            models.CheckConstraint(condition=Q(way__in=("", *Way.values)), name="refunds_refund_way"),
            models.CheckConstraint(
                condition=Q(way=Way.SET_OFF, to_bill__isnull=False) | ~Q(way=Way.SET_OFF) & Q(to_bill=None),
                name="refunds_refund_to_bill",
            ),
            # Nobody approves what they assessed, and the third is neither of the two.
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(assessed_by__isnull=False) & ~Q(approved_by=F("assessed_by")),
                name="refunds_refund_needs_two",
            ),
            models.CheckConstraint(
                condition=Q(third_by=None)
                | Q(approved_by__isnull=False) & ~Q(third_by=F("assessed_by")) & ~Q(third_by=F("approved_by")),
                name="refunds_refund_third",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(Status.APPROVED, Status.PAYING, Status.PAID, Status.RETURNED, Status.UNKNOWN))
                | Q(approved_by__isnull=False) & (Q(needs_third=False) | Q(third_by__isnull=False)),
                name="refunds_refund_approved_by",
            ),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "status"], name="refunds_refund_of_taxpayer"),
            models.Index(fields=["bill"], name="refunds_refund_of_bill"),
            models.Index(fields=["status", "opened_at"], name="refunds_refund_queue"),
            models.Index("payment", name="refunds_refund_of_payment", condition=Q(payment__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def available(self) -> int:
        return self.amount - self.lost


class Part(models.Model):
    """What of a refund was paid on which day: interest runs from there. Later payments go back first. Append-only."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="parts")
    paid_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="refunds_part_amount")]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.amount} of {self.paid_on}"


class Loss(models.Model):
    """Money of a refund was taken back by who paid it: by so much less is owed. Append-only.

    `claimed_back`: so much of it had left already; the person owes it to the city (환수).
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="losses")
    amount = models.BigIntegerField()
    claimed_back = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, claimed_back__gte=0, claimed_back__lte=F("amount")),
                name="refunds_loss_amount",
            )
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: -{self.amount}"


class Decision(models.Model):
    """What somebody did about a refund, and why: what the citizen reads as its course. Append-only."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="decisions")
    became = models.CharField(max_length=10, choices=Status.choices)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, default="", blank=True)
    amount = models.BigIntegerField()
    interest = models.BigIntegerField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(became__in=Status.values), name="refunds_decision_status")]
        indexes = [models.Index(fields=["refund", "id"], name="refunds_decision_of_refund")]

    def __str__(self) -> str:
        return f"{self.refund_id} became {self.became}"
