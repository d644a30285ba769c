"""The points ledger: entries that balance, of postings that never change. A balance is a sum, and stands nowhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from mileage.states import Account, Kind

OF_A_HOLDER = (Account.HELD, Account.RESERVED)


class Holder(models.Model):
    """Whoever has or had points. The row holds nothing: it is what everything about their points locks."""

    taxpayer = models.OneToOneField("accounts.Taxpayer", on_delete=models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"points of taxpayer {self.taxpayer_id}"


class Lot(models.Model):
    """Points that came together and expire together (소멸 단위). What is left of them is the sum of their postings.

    `source` says what for, in the words of who granted them: `bill:17`, `returned:USE-…`. The last day is included.
    """

    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="lots")
    source = models.CharField(max_length=60)
    earned_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        indexes = [
            models.Index("holder", "expires_on", name="mileage_lot_of_holder"),
            models.Index("expires_on", name="mileage_lot_expiry"),
            models.Index("source", name="mileage_lot_source"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gte=models.F("earned_on")), name="mileage_lot_days"),
        ]

    def __str__(self) -> str:
        return f"lot {self.pk} for {self.source}"


class Entry(models.Model):
    """A balanced entry (포인트 분개) about one holder. Kind and reference are its idempotency key; `facts` say why."""

    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reference = models.CharField(max_length=100)
    business_date = models.DateField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "reference", name="mileage_entry_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="mileage_entry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Posting(models.Model):
    """One side of an entry, in points: more in that account above zero, less below."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=8, choices=Account.choices)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="mileage_posting_not_zero"),
            models.CheckConstraint(
                condition=Q(account__in=OF_A_HOLDER, lot__isnull=False)
                | Q(account__in=(Account.GRANTED, Account.SPENT, Account.EXPIRED), lot=None),
                name="mileage_posting_of_a_lot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.account}"
