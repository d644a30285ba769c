"""The city's counters (창구 수납): a cashier's drawer, what was paid into it, and cheques that were not honoured."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace, Upper

from payments.models.payment import Payment
from payments.models.suspense import BY_TWO, OPEN_OR_DONE
from payments.states import DeskStatus, DrawerStatus, Means


class Drawer(models.Model):
    """A cashier's drawer (수납함) from its opening to its count. Amounts are minor units.

    `opening`: cash to give change from. `difference`: what was counted less what should have been there, set when a
    second officer closes it.
    """

    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, related_name="+")
    cashier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opening = models.BigIntegerField()
    opened_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=DrawerStatus.choices, default=DrawerStatus.OPEN)
    counted_cash = models.BigIntegerField(null=True)
    counted_cheques = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, default="", blank=True)
    difference = models.BigIntegerField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # One drawer, one cashier: two never answer for the same cash.
            models.UniqueConstraint(
                "cashier",
                condition=Q(status__in=(DrawerStatus.OPEN, DrawerStatus.COUNTED)),
                name="payments_one_drawer_of_a_cashier",
            ),
            models.CheckConstraint(condition=Q(opening__gte=0), name="payments_drawer_opening"),
            models.CheckConstraint(condition=Q(status__in=DrawerStatus.values), name="payments_drawer_status"),
            models.CheckConstraint(
                condition=Q(status=DrawerStatus.OPEN)
                | Q(counted_cash__gte=0, counted_cheques__gte=0, counted_at__isnull=False),
                name="payments_drawer_counted",
            ),
            models.CheckConstraint(
                condition=~Q(status=DrawerStatus.CLOSED) & Q(closed_by=None, closed_at=None, difference=None)
                | Q(
                    status=DrawerStatus.CLOSED,
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                    difference__isnull=False,
                )
                & ~Q(closed_by=F("cashier")),
                name="payments_drawer_closed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(difference=None) | Q(difference=0) | ~Q(note=""), name="payments_drawer_difference_has_note"
            ),
        ]
        indexes = [models.Index("body", "opened_at", name="payments_drawer_of_body")]

    def __str__(self) -> str:
        return f"drawer {self.pk}"


class CounterPayment(models.Model):
    """What lay on the desk (창구 수납 내역), once per payment there. Append-only.

    `tendered`: cash that was handed over, or the cheque's sum; what of it is not `amount` was given back as change. A
    cheque (수표) keeps the bank that it is drawn on and its number.
    """

    drawer = models.ForeignKey(Drawer, on_delete=models.PROTECT, related_name="payments")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="at_counter")
    means = models.CharField(max_length=10, choices=Means.choices)
    amount = models.BigIntegerField()
    tendered = models.BigIntegerField()
    cheque_bank = models.CharField(max_length=3, default="", blank=True)
    cheque_number = models.CharField(max_length=20, default="", blank=True)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(means=Means.CASH, tendered__gte=F("amount"), cheque_bank="", cheque_number="")
                | Q(means=Means.CHEQUE, tendered=F("amount")) & ~Q(cheque_bank="") & ~Q(cheque_number=""),
                name="payments_counterpayment_means",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_counterpayment_amount"),
            # A cheque pays once, however its number is typed.
            models.UniqueConstraint(
                F("cheque_bank"),
                Upper(Replace("cheque_number", Value("-"), Value(""))),
                condition=Q(means=Means.CHEQUE),
                name="payments_cheque_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.means} {self.payment_id}"

    @property
    def change(self) -> int:
        return self.tendered - self.amount


class Bounce(models.Model):
    """A cheque that its bank did not honour (부도): one officer tells it, a second one approves.

    Then it counts as if it had never been paid (Act on the Payment of Revenue by Securities, article 2 paragraph 1).
    """

    taken = models.ForeignKey(CounterPayment, on_delete=models.PROTECT, related_name="bounces")
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=DeskStatus.choices, default=DeskStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("taken", condition=Q(status__in=OPEN_OR_DONE), name="payments_bounce_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="payments_bounce_says_why"),
            models.CheckConstraint(condition=Q(status__in=DeskStatus.values), name="payments_bounce_status"),
            models.CheckConstraint(condition=BY_TWO, name="payments_bounce_needs_two"),
        ]

    def __str__(self) -> str:
        return f"bounce of {self.taken_id}"
