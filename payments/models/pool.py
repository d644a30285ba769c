from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class PooledNumber(models.Model):
    """A virtual account's number that a bank lets the city give out, with the order that holds it now.

    After `rests_until` another order may get it. Who held it before stands in `VirtualAccount`, for ever.
    """

    gateway = models.CharField(max_length=40)
    bank = models.CharField(max_length=3)
    number = models.CharField(max_length=20)
    reference = models.CharField(max_length=32)
    amount = models.BigIntegerField()
    issued_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    rests_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("bank", "number", name="payments_pooled_number_once"),
            models.UniqueConstraint("gateway", "reference", name="payments_pooled_one_for_an_order"),
        ]
        indexes = [models.Index("bank", "rests_until", name="payments_pooled_rested")]

    def __str__(self) -> str:
        return f"{self.bank} {self.number}"
