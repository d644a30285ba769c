from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.states import AtmState


class AtmTransaction(models.Model):
    """A payment as a bank names it, and the answer that every repeat gets. Written with the money, or instead of it.

    `transaction` is the movement's id in `Payment`. `answer` is null while only a reversal is known.
    """

    gateway = models.CharField(max_length=40)
    transaction = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=AtmState.choices)
    answer = models.JSONField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("gateway", "transaction", name="payments_atm_transaction_once"),
            models.CheckConstraint(condition=Q(state__in=AtmState.values), name="payments_atm_state"),
            models.CheckConstraint(
                condition=Q(answer__isnull=False) | Q(state=AtmState.WITHDRAWN), name="payments_atm_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.transaction}"
