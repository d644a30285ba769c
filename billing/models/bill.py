"""Bills, their lines, and what was paid on them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

from billing.models.city import TaxType
from billing.states import BillStatus

IN_FORCE = (BillStatus.DRAFT, BillStatus.ISSUED)


def digits(column: str, many: int) -> Q:
    """Exactly so many digits. A pattern that counts them takes the database five times as long."""
    return Q(Exact(Length(column), many)) & ~Q(**{f"{column}__regex": "[^0-9]"})


class Bill(models.Model):
    """A demand for one tax, period and payer (고지서). `amount` is the sum of its lines when it was issued.

    References of bills and lines are kept by statement (see `core/sql/references.sql`), not by the row. Payer, body
    and tax of a bill never change. What looks like a missing index is one that five million bills would pay for.
    """

    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, db_constraint=False, db_index=False)
    tax = models.ForeignKey(TaxType, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    tax_year = models.SmallIntegerField()
    term = models.SmallIntegerField()
    status = models.CharField(max_length=12, choices=BillStatus.choices)
    tax_number = models.CharField(max_length=31)
    epay_number = models.CharField(max_length=19)
    roll_ref = models.CharField(max_length=40)
    object_ref = models.CharField(max_length=40)
    facts = models.JSONField()
    amount = models.BigIntegerField()
    liability_on = models.DateField()
    nominal_due_on = models.DateField()
    due_on = models.DateField()
    issued_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=BillStatus.values), name="billing_bill_status"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_bill_amount"),
            models.CheckConstraint(condition=Q(due_on__gte=F("nominal_due_on")), name="billing_bill_due"),
            models.CheckConstraint(condition=digits("tax_number", 31), name="billing_bill_tax_number"),
            models.CheckConstraint(condition=digits("epay_number", 19), name="billing_bill_epay_number"),
            models.UniqueConstraint("tax_number", name="billing_bill_tax_number_once"),
            models.UniqueConstraint("epay_number", name="billing_bill_epay_number_once"),
            # The same levy is never in force twice; a cancelled one may be issued anew.
            models.UniqueConstraint("roll_ref", condition=Q(status__in=IN_FORCE), name="billing_bill_roll_ref_once"),
            # The object stands first: this is also the way to a vehicle's or a house's bills.
            models.UniqueConstraint(
                "object_ref",
                "tax",
                "tax_year",
                "term",
                condition=Q(status__in=IN_FORCE),
                name="billing_bill_object_once",
            ),
        ]
        indexes = [
            models.Index(fields=["taxpayer", "-due_on"], name="billing_bill_of_taxpayer"),
            # Of those no longer in force there are few.
            models.Index("object_ref", name="billing_bill_of_object", condition=~Q(status__in=IN_FORCE)),
            models.Index("roll_ref", name="billing_bill_of_roll_ref", condition=~Q(status__in=IN_FORCE)),
        ]

    def __str__(self) -> str:
        return f"bill {self.pk}"


class BillLine(models.Model):
    """One tax on a bill: automobile tax, the local education tax on it. A part payment fills lines in this order."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    position = models.SmallIntegerField()
    tax = models.ForeignKey(TaxType, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("bill", "tax", name="billing_billline_tax"),
            models.UniqueConstraint("bill", "position", name="billing_billline_position"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_billline_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.tax_id}"


class BillPayment(models.Model):
    """A payment as it met this bill: `applied` filled lines, `excess` was more than the bill owed. Append-only.

    A row that `corrects` another one changes what that payment came to, since money was taken back (수납 취소): what
    counts is the sum of a payment and its corrections (see `billing/sql/take_back.sql`).
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments", db_index=False)
    reference = models.CharField(max_length=100)
    paid_at = models.DateTimeField()
    paid_on = models.DateField()
    applied = models.BigIntegerField()
    excess = models.BigIntegerField()
    remaining = models.BigIntegerField()
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections", db_index=False
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("bill", "reference", name="billing_payment_once"),
            models.CheckConstraint(
                condition=Q(remaining__gte=0) & (Q(corrects__isnull=False) | Q(applied__gte=0, excess__gte=0)),
                name="billing_payment_amounts",
            ),
        ]
        indexes = [
            models.Index("corrects", name="billing_payment_corrections", condition=Q(corrects__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference


class BillPaymentPart(models.Model):
    """What of a payment went to one line's tax and to its late payment surcharge; of a correction, below zero what was
    taken back. Append-only."""

    payment = models.ForeignKey(BillPayment, on_delete=models.PROTECT, related_name="parts", db_index=False)
    line = models.ForeignKey(BillLine, on_delete=models.PROTECT, related_name="paid_parts")
    paid_on = models.DateField()
    tax_part = models.BigIntegerField()
    surcharge_part = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("payment", "line", name="billing_paymentpart_line"),
            models.CheckConstraint(
                condition=(Q(tax_part__gte=0, surcharge_part__gte=0) | Q(tax_part__lte=0, surcharge_part__lte=0))
                & ~Q(tax_part=0, surcharge_part=0),
                name="billing_paymentpart_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}/{self.line_id}"
