from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from payments.models.attempt import Attempt
from payments.models.payment import Payment
from payments.states import DeskStatus, Status, SuspenseWay

OPEN_OR_DONE = (DeskStatus.ASKED, DeskStatus.DONE)
# Whoever asked for it doesn't decide about it.
BY_TWO = Q(status=DeskStatus.ASKED, decided_by=None, decided_at=None) | ~Q(status=DeskStatus.ASKED) & Q(
    decided_by__isnull=False, decided_at__isnull=False
) & ~Q(decided_by=F("asked_by"))


class SuspenseCase(models.Model):
    """What one officer wants done with money in suspense (가수금 처리), and a second one decides.

    `assign`: it pays `bill`, as of the moment when it came; `assigned` is the payment that this made. `return`: it is
    owed back to the account that the bank named. `amount` is what was left of it when it was asked for.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="cases")
    way = models.CharField(max_length=10, choices=SuspenseWay.choices)
    amount = models.BigIntegerField()
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, null=True, related_name="+")
    bank = models.CharField(max_length=3, default="", blank=True)
    number = models.CharField(max_length=34, default="", blank=True)
    holder = models.CharField(max_length=70, default="", blank=True)
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=DeskStatus.choices, default=DeskStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    assigned = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="assigned_from")

    class Meta:
        constraints = [
            models.UniqueConstraint("payment", condition=Q(status__in=OPEN_OR_DONE), name="payments_suspense_once"),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="payments_suspensecase_amount"),
            models.CheckConstraint(condition=Q(status__in=DeskStatus.values), name="payments_suspensecase_status"),
            models.CheckConstraint(
                condition=Q(way=SuspenseWay.ASSIGN, bill__isnull=False, bank="", number="", holder="")
                | Q(way=SuspenseWay.RETURN, bill=None, assigned=None) & ~Q(bank="") & ~Q(number="") & ~Q(holder=""),
                name="payments_suspensecase_way",
            ),
            models.CheckConstraint(
                condition=Q(way=SuspenseWay.ASSIGN, status=DeskStatus.DONE, assigned__isnull=False)
                | ~Q(way=SuspenseWay.ASSIGN, status=DeskStatus.DONE) & Q(assigned=None),
                name="payments_suspensecase_assigned",
            ),
            models.CheckConstraint(condition=BY_TWO, name="payments_suspensecase_needs_two"),
        ]

    def __str__(self) -> str:
        return f"{self.way} of payment {self.payment_id}"


class ForcedState(models.Model):
    """A payment attempt that two officers ended although its gateway said nothing (상태 강제 변경).

    For a gateway that is gone: the bill is free to be paid otherwise. Money that comes all the same is still written.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="forced")
    becomes = models.CharField(max_length=12, choices=Status.choices)
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=DeskStatus.choices, default=DeskStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("attempt", condition=Q(status=DeskStatus.ASKED), name="payments_one_open_forcing"),
            models.CheckConstraint(condition=~Q(reason=""), name="payments_forcedstate_says_why"),
            models.CheckConstraint(
                condition=Q(becomes__in=(Status.DECLINED, Status.EXPIRED)), name="payments_forcedstate_ends_it"
            ),
            models.CheckConstraint(condition=Q(status__in=DeskStatus.values), name="payments_forcedstate_status"),
            models.CheckConstraint(condition=BY_TWO, name="payments_forcedstate_needs_two"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} forced to {self.becomes}"
