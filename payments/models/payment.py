from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from payments.models.attempt import Attempt
from payments.models.inbox import InboxMessage


class Payment(models.Model):
    """Money that came (수납), once per movement at the gateway. Append-only.

    `applied` settled bills, `excess` is more than they owed (과오납), `suspense` fits no attempt of ours (가수금).
    `approved_at` is the moment of payment in law, however late we heard of it.
    """

    gateway = models.CharField(max_length=40)
    movement_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=64)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="payments")
    message = models.ForeignKey(InboxMessage, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    applied = models.BigIntegerField()
    excess = models.BigIntegerField()
    suspense = models.BigIntegerField()
    approved_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("gateway", "movement_id", name="payments_payment_movement_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_amount"),
            models.CheckConstraint(
                condition=Q(applied__gte=0, excess__gte=0, suspense__gte=0)
                & Q(amount=F("applied") + F("excess") + F("suspense")),
                name="payments_payment_parts",
            ),
            models.CheckConstraint(
                condition=Q(attempt=None, suspense=F("amount")) | Q(attempt__isnull=False, suspense=0),
                name="payments_payment_fits_or_suspense",
            ),
        ]
        indexes = [
            models.Index("received_at", name="payments_suspense_open", condition=Q(suspense__gt=0)),
            models.Index("message", name="payments_payment_of_message", condition=Q(message__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.movement_id}"
