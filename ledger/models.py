from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What an account is for. Assets and expenses grow by debits (+), the rest by credits (-)."""

    RECEIVABLE = "receivable", _("Receivable")
    REVENUE = "revenue", _("Revenue")
    CLEARING = "clearing", _("Clearing")
    SUSPENSE = "suspense", _("Suspense")
    OVERPAYMENT = "overpayment", _("Overpayment")
    TREASURY = "treasury", _("Treasury")
    FEE = "fee", _("Fees")
    REFUND_PAYABLE = "refund_payable", _("Refunds payable")
    INTEREST = "interest", _("Interest")
    MILEAGE = "mileage", _("Mileage")
    MILEAGE_EXPENSE = "mileage_expense", _("Expense for mileage")


class LedgerAccount(models.Model):
    """An account (계정): one per levying body, tax type and purpose."""

    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT)
    tax = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint("body", "tax", "purpose", name="ledger_account_key"),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="ledger_account_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id}/{self.tax}/{self.purpose}"


class Batch(models.Model):
    """One act that made many entries: the levy decision (징수결의) on a district's part of a roll.

    Kind and reference are its idempotency key. The database counts the entries and proves at commit that each has
    postings (see `sql/batch.sql`).
    """

    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=100)
    first_entry = models.BigIntegerField(null=True)
    last_entry = models.BigIntegerField(null=True)
    entries = models.IntegerField(db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint("kind", "reference", name="ledger_batch_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class JournalEntry(models.Model):
    """A balanced entry (분개). Kind and reference are its idempotency key.

    `business_date` is the day it counts for, `occurred_at` when it happened outside, `recorded_at` when we wrote it.
    References are kept by statement (see `core/sql/references.sql`), not by the row.
    """

    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=100)
    business_date = models.DateField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint("kind", "reference", name="ledger_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Posting(models.Model):
    """One side of an entry, in minor units: debit positive, credit negative."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings", db_constraint=False)
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, db_constraint=False)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="ledger_posting_not_zero")]

    def __str__(self) -> str:
        return f"{self.amount}"


class DailyTotal(models.Model):
    """Debits and credits of an account on one business day, added up behind the writes (see `sql/rollup.sql`)."""

    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT)
    business_date = models.DateField()
    debit = models.DecimalField(max_digits=30, decimal_places=0)
    credit = models.DecimalField(max_digits=30, decimal_places=0)

    class Meta:
        constraints = [models.UniqueConstraint("account", "business_date", name="ledger_dailytotal_key")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.business_date}"
