from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Basket(models.Model):
    """Bills that are paid together in more than one way (분할 결제): each way is an attempt of its own.

    `amount` is what they came to when the payer said so. An attempt of any channel joins by naming the basket; what the
    bills still owe, less what its live attempts promise, is the rest.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    session_mark = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payments_basket_amount")]

    def __str__(self) -> str:
        return f"basket {self.pk}"


class BasketItem(models.Model):
    """A bill in a basket, and what it owed then."""

    basket = models.ForeignKey(Basket, on_delete=models.PROTECT, related_name="items")
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("basket", "bill", name="payments_basket_bill_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_basket_item_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.basket_id}/{self.bill_id}"
