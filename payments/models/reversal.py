"""Money that was taken back (수납 취소): by a cancel, by the bank, by a cardholder's objection."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from payments.models.inbox import InboxMessage
from payments.models.payment import Payment
from payments.states import TakenBy


class Reversal(models.Model):
    """One movement that takes money back, once per movement at its source.

    `of_movement` is the movement that it undoes; without it, the last money of the order `reference` goes first. While
    `posted_at` is empty the money that it takes back is not here yet: it is remembered, and posted when that comes.
    """

    gateway = models.CharField(max_length=40)
    movement_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, default="", blank=True)
    of_movement = models.CharField(max_length=64, default="", blank=True)
    message = models.ForeignKey(InboxMessage, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=TakenBy.choices)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    moved_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("gateway", "movement_id", name="payments_reversal_movement_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_reversal_amount"),
            models.CheckConstraint(condition=Q(kind__in=TakenBy.values), name="payments_reversal_kind"),
            models.CheckConstraint(
                condition=~Q(reference="") | ~Q(of_movement=""), name="payments_reversal_names_what_it_undoes"
            ),
        ]
        indexes = [
            models.Index("gateway", name="payments_reversal_waiting", condition=Q(posted_at=None)),
            models.Index("moved_at", name="payments_reversal_moved"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.movement_id}"


class ReversalPart(models.Model):
    """What a reversal took out of one payment. Append-only; never more than the payment (a trigger sees to it).

    `applied`: by so much less is paid on bills, `excess`: by so much less is too much. One of them may be below zero,
    where another payment's overpayment took the place of the money that went.
    """

    reversal = models.ForeignKey(Reversal, on_delete=models.PROTECT, related_name="parts")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="taken_back")
    amount = models.BigIntegerField()
    applied = models.BigIntegerField()
    excess = models.BigIntegerField()
    suspense = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("reversal", "payment", name="payments_reversalpart_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, suspense__gte=0, amount=F("applied") + F("excess") + F("suspense")),
                name="payments_reversalpart_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reversal_id}/{self.payment_id}"
