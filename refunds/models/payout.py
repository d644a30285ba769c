"""What left: set-offs against bills, payments out, donations."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from refunds.models.payee import Payee
from refunds.models.refund import Refund
from refunds.states import LegStatus, Way

MONEY = Q(principal__gte=0, interest__gte=0) & ~Q(principal=0, interest=0)


class SetOff(models.Model):
    """A part of a refund that paid a bill (충당) as of `effective_on`; arrears by law, else by consent. Append-only."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="set_offs")
    bill = models.ForeignKey("billing.Bill", on_delete=models.PROTECT, related_name="+")
    principal = models.BigIntegerField()
    interest = models.BigIntegerField()
    effective_on = models.DateField()
    by_law = models.BooleanField()
    payment = models.OneToOneField("payments.Payment", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("refund", "bill", "by_law", name="refunds_setoff_once"),
            models.CheckConstraint(condition=MONEY, name="refunds_setoff_amounts"),
        ]
        indexes = [models.Index(fields=["bill"], name="refunds_setoff_of_bill")]

    def __str__(self) -> str:
        return f"{self.refund_id} against bill {self.bill_id}"


class Donation(models.Model):
    """A refund that its owner gave to the city (기부). Append-only."""

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="donation")
    principal = models.BigIntegerField()
    interest = models.BigIntegerField()
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=MONEY, name="refunds_donation_amounts")]

    def __str__(self) -> str:
        return f"donation of {self.refund_id}"


class Leg(models.Model):
    """One payment out of a refund: to the card that paid, or to an account.

    `cancellation_id` and `transfer` name what payments does for it; a refund that went to a wrong account gets another
    leg. Bank, number and holder are those that it was sent to, whatever becomes of the payee.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="legs")
    # What came back, or was not carried out, is paid by one other; once.
    again_for = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="again")
    way = models.CharField(max_length=10, choices=[(w.value, w.label) for w in (Way.CARD, Way.ACCOUNT)])
    principal = models.BigIntegerField()
    interest = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=LegStatus.choices)
    # The gateway that took the money gives it back, out of the overpayment itself.
    by_gateway = models.BooleanField(default=False)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, null=True, related_name="legs")
    bank = models.CharField(max_length=3, default="", blank=True)
    number = models.CharField(max_length=34, default="", blank=True)
    holder = models.CharField(max_length=70, default="", blank=True)
    cancellation = models.OneToOneField("payments.Cancellation", on_delete=models.PROTECT, null=True, related_name="+")
    transfer = models.CharField(max_length=35, default="", blank=True)
    problem = models.CharField(max_length=100, default="", blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=MONEY, name="refunds_leg_amounts"),
            models.CheckConstraint(condition=Q(status__in=LegStatus.values), name="refunds_leg_status"),
            models.CheckConstraint(
                condition=Q(way=Way.CARD, by_gateway=True, interest=0, bank="", number="")
                | Q(way=Way.ACCOUNT, by_gateway=True, interest=0, transfer="")
                | Q(way=Way.ACCOUNT, by_gateway=False, cancellation=None),
                name="refunds_leg_way",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.CARD)
                | Q(status__in=(LegStatus.WAITING, LegStatus.REFUSED))
                | ~Q(bank="") & ~Q(number="") & ~Q(holder=""),
                name="refunds_leg_has_account",
            ),
            models.UniqueConstraint("transfer", condition=~Q(transfer=""), name="refunds_leg_transfer_once"),
        ]
        indexes = [
            models.Index(fields=["refund"], name="refunds_leg_of_refund"),
            models.Index(fields=["status", "made_at"], name="refunds_leg_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.way} of {self.refund_id}"

    @property
    def amount(self) -> int:
        return self.principal + self.interest

    @property
    def transfer_key(self) -> str:
        """Under which payments knows the transfer that carries it."""
        return f"leg:{self.pk}"
