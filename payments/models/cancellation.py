from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from payments.models.payment import Payment
from payments.states import CancelStatus

OPEN = (CancelStatus.ASKED, CancelStatus.APPROVED)


class Cancellation(models.Model):
    """A payment that one officer wants given back by its gateway, whole or part, and a second one approves (결제 취소).

    A card gets it back itself; a deposit goes to the account named here.

    `believed`: what we held of the order when the gateway was first asked; it refuses if that is not so.
    `ask_at`: when the gateway is asked again, with the same key, since its answer was lost.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="cancellations")
    amount = models.BigIntegerField()
    bank = models.CharField(max_length=3, default="", db_default="", blank=True)
    number = models.CharField(max_length=34, default="", db_default="", blank=True)
    holder = models.CharField(max_length=70, default="", db_default="", blank=True)
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=CancelStatus.choices, default=CancelStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    believed = models.BigIntegerField(null=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)
    problem = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("payment", condition=Q(status__in=OPEN), name="payments_one_open_cancellation"),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="payments_cancellation_amount"),
            models.CheckConstraint(
                condition=Q(bank="", number="", holder="") | ~Q(bank="") & ~Q(number="") & ~Q(holder=""),
                name="payments_cancellation_account",
            ),
            models.CheckConstraint(condition=Q(status__in=CancelStatus.values), name="payments_cancellation_status"),
            # Whoever asked for it doesn't decide about it.
            models.CheckConstraint(
                condition=Q(status=CancelStatus.ASKED, decided_by=None, decided_at=None)
                | ~Q(status=CancelStatus.ASKED)
                & Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("asked_by")),
                name="payments_cancellation_needs_two",
            ),
        ]
        indexes = [models.Index("ask_at", name="payments_cancellation_to_ask", condition=Q(ask_at__isnull=False))]

    def __str__(self) -> str:
        return f"cancellation of payment {self.payment_id}"
