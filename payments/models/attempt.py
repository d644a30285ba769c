"""Somebody's try to pay bills over one channel. No card number ever reaches these tables."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from payments.models.basket import Basket
from payments.states import Channel, Status


class Attempt(models.Model):
    """A payment attempt (결제 시도). Written before the gateway is called, so that nothing it did is ever forgotten.

    `reference` is the order's number at the gateway. `ask_at`: when the gateway is asked next; the row, not a message
    to a worker, is what remembers it. `token_hash` is the SHA-256 of the secret in the payer's link.
    """

    reference = models.CharField(max_length=32)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    gateway = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CREATED)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    session_mark = models.CharField(max_length=64)
    # Another way in which a part of the same bills is paid; without one, this attempt stands alone.
    basket = models.ForeignKey(Basket, on_delete=models.PROTECT, null=True, related_name="attempts", db_index=False)
    # Somebody else's name who pays for the taxpayer (제3자 납부); empty where the taxpayer pays.
    payer = models.CharField(max_length=60, default="", db_default="", blank=True)
    idempotency_key = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    token_hash = models.BinaryField(max_length=32, unique=True)
    bank = models.CharField(max_length=3, default="", blank=True)
    gateway_key = models.CharField(max_length=200, default="", blank=True)
    page_url = models.CharField(max_length=2000, default="", blank=True)
    failure = models.CharField(max_length=60, default="", blank=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())
    paid_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)

    class Meta:
        constraints = [
            # Without the twin for LIKE that a unique field would bring: each index is written whenever a state changes.
            models.UniqueConstraint("reference", name="payments_attempt_reference_once"),
            # The same form sent twice is the same attempt.
            models.UniqueConstraint("session_mark", "idempotency_key", name="payments_attempt_once_per_form"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_attempt_amount"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="payments_attempt_status"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="payments_attempt_channel"),
            models.CheckConstraint(
                condition=Q(status=Status.PAID) | Q(paid_at=None), name="payments_attempt_paid_at_only_if_paid"
            ),
        ]
        indexes = [
            models.Index("ask_at", name="payments_attempt_to_ask", condition=Q(ask_at__isnull=False)),
            models.Index("created_at", name="payments_attempt_created"),
            models.Index("account", name="payments_attempt_of_account", condition=Q(account__isnull=False)),
            models.Index("basket", name="payments_attempt_of_basket", condition=Q(basket__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference


class AttemptItem(models.Model):
    """A bill in an attempt, and how much of it. `live` follows the attempt's state (a trigger keeps it)."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="items", db_index=False)
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    amount = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("attempt", "bill", name="payments_item_bill_once"),
            # Two tabs, two people: one attempt of a channel runs for a bill at a time.
            models.UniqueConstraint("bill", "channel", condition=Q(live=True), name="payments_one_live_attempt"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_item_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.bill_id}"


class VirtualAccount(models.Model):
    """A virtual account (가상계좌) of one attempt, or its number for the till of a store, which is of no bank.

    Numbers return to other people: money is never keyed on one.

    `secret_hash` is the SHA-256 of what the gateway gave at issue, where it shows that in its notifications.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="virtual_account")
    bank = models.CharField(max_length=3, blank=True)
    number = models.CharField(max_length=20)
    expires_at = models.DateTimeField()
    issued_at = models.DateTimeField(db_default=Now())
    secret_hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [models.Index("number", name="payments_account_number")]

    def __str__(self) -> str:
        return f"virtual account {self.pk}"
