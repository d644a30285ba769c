"""Finding a bill without an account: which session found which bill, and how often somebody tried."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from billing.models.bill import Bill


class SessionBill(models.Model):
    """A visitor's session that proved to know a bill may see and pay that one for a while.

    `pay_only`: what the bill is for and how it came about stays closed; it was shown by a link or to an agent.
    """

    session_mark = models.CharField(max_length=64)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT)
    expires_at = models.DateTimeField()
    pay_only = models.BooleanField(db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint("session_mark", "bill", name="billing_sessionbill_key")]

    def __str__(self) -> str:
        return f"session bill {self.pk}"


class Lookup(models.Model):
    """A try to find a bill, kept for a day: who asked for which number and what, as hashes."""

    visitor_mark = models.CharField(max_length=64)
    session_mark = models.CharField(max_length=64, default="", db_default="", blank=True)
    number_mark = models.CharField(max_length=64)
    asked = models.CharField(max_length=64, default="", db_default="", blank=True)
    found = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index("visitor_mark", "at", name="billing_lookup_visitor"),
            models.Index("number_mark", "at", name="billing_lookup_number"),
            models.Index("session_mark", "at", name="billing_lookup_session"),
            models.Index("at", name="billing_lookup_at"),
            models.Index("at", condition=models.Q(found=False), name="billing_lookup_failed"),
        ]

    def __str__(self) -> str:
        return f"lookup {self.pk}"
