"""The end of the day (일마감): what gateways say they pay out, what differs, and whom the money belongs to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.models.bank import BankLine
from payments.models.payment import Payment
from payments.reconcile.states import DifferenceKind, DifferenceStatus, Part


class SettlementLine(models.Model):
    """One movement as its gateway settles it (정산 내역), once per movement. Append-only.

    Amounts are signed minor units, money out is negative. `sold_on` is when it occurred at the gateway, `received_at`
    when we heard of it; the business day that it belongs to is the calendar's matter.
    """

    gateway = models.CharField(max_length=40)
    movement_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    fee_tax = models.BigIntegerField()
    paid_out = models.BigIntegerField()
    sold_on = models.DateField()
    paid_out_on = models.DateField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("gateway", "movement_id", name="payments_settlementline_once"),
        ]
        indexes = [
            models.Index("sold_on", name="payments_settlement_sold"),
            models.Index("paid_out_on", name="payments_settlement_paid_out"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.movement_id}"


class Payout(models.Model):
    """A gateway's money of one day, found on the city's account (입금 확인). Append-only.

    `payment` is the deposit of which nobody knew whose it is, until now; None where the gateway was owed money.
    """

    gateway = models.CharField(max_length=40)
    paid_out_on = models.DateField()
    amount = models.BigIntegerField()
    bank_line = models.OneToOneField(BankLine, on_delete=models.PROTECT, related_name="+")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="+")
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("gateway", "paid_out_on", name="payments_payout_once")]

    def __str__(self) -> str:
        return f"{self.gateway} {self.paid_out_on}"


class Difference(models.Model):
    """Something on which gateway, bank and books don't agree (차이). Amounts are signed minor units.

    It is closed by what arrives later, or resolved by the officer who took it, with a note.
    """

    day = models.DateField()
    kind = models.CharField(max_length=20, choices=DifferenceKind.choices)
    gateway = models.CharField(max_length=40)
    subject = models.CharField(max_length=110)
    ours = models.BigIntegerField()
    theirs = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=DifferenceStatus.choices, default=DifferenceStatus.OPEN)
    found_at = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "gateway", "subject", name="payments_difference_once"),
            models.CheckConstraint(condition=Q(kind__in=DifferenceKind.values), name="payments_difference_kind"),
            models.CheckConstraint(
                condition=Q(status=DifferenceStatus.OPEN, ended_at=None)
                | Q(status=DifferenceStatus.CLOSED, ended_at__isnull=False)
                | Q(status=DifferenceStatus.RESOLVED, ended_at__isnull=False, owner__isnull=False) & ~Q(note=""),
                name="payments_difference_status",
            ),
        ]
        indexes = [models.Index("day", name="payments_difference_day")]

    def __str__(self) -> str:
        return f"difference {self.pk}"


class BusinessDay(models.Model):
    """A business day (영업일) that was compared. `unanswered`: gateways that did not say what they settle."""

    day = models.DateField(primary_key=True)
    compared_at = models.DateTimeField()
    unanswered = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.day)


class Distribution(models.Model):
    """A share of what a body collected on a business day, and whose it is (세입 배분). Append-only.

    What arrives or is taken back later adds rows; the sum of a day's rows is what each of them got. `main_tax` is that
    of the bill, `tax` that of its line.
    """

    day = models.DateField()
    collector = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    beneficiary = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    main_tax = models.CharField(max_length=40)
    tax = models.CharField(max_length=40)
    part = models.CharField(max_length=10, choices=Part.choices)
    amount = models.BigIntegerField()
    article = models.CharField(max_length=200, default="", blank=True)
    entry_reference = models.CharField(max_length=100)
    remit_on = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="payments_distribution_amount"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="payments_distribution_part"),
        ]
        indexes = [
            models.Index("day", "collector", name="payments_distribution_day"),
            models.Index("remit_on", name="payments_distribution_remit"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.collector_id} {self.beneficiary_id}"
