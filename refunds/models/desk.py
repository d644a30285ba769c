"""What one officer asks for about a refund and another decides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from refunds.models.refund import Refund
from refunds.states import DeskStatus, RecoveryWay

# Nobody decides about what they asked for.
NEEDS_TWO = Q(status=DeskStatus.ASKED, decided_by=None, decided_at=None) | ~Q(status=DeskStatus.ASKED) & Q(
    decided_by__isnull=False, decided_at__isnull=False
) & ~Q(decided_by=F("asked_by"))


class Destination(models.Model):
    """The account into which money goes that belongs to nobody known here (지급 계좌): the latest that was approved."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="destinations")
    bank = models.CharField(max_length=3)
    number = models.CharField(max_length=34)
    holder = models.CharField(max_length=70)
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=DeskStatus.choices, default=DeskStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "refund", condition=Q(status=DeskStatus.ASKED), name="refunds_one_destination_asked"
            ),
            models.CheckConstraint(condition=Q(status__in=DeskStatus.values), name="refunds_destination_status"),
            models.CheckConstraint(condition=NEEDS_TWO, name="refunds_destination_needs_two"),
            models.CheckConstraint(
                condition=Q(bank__regex="^[0-9]{3}$", number__regex="^[0-9]{6,34}$")
                & ~Q(holder="")
                & ~Q(holder__regex="[[:cntrl:]]")
                & ~Q(reason=""),
                name="refunds_destination_can_be_written",
            ),
        ]

    def __str__(self) -> str:
        return f"account for {self.refund_id}"


class Recovery(models.Model):
    """The end of what is claimed back (환수): won that another refund keeps back, that the bank sent back, or given up.

    What the bank sends back ends a claim by itself; the rest takes two officers.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="recoveries")
    amount = models.BigIntegerField()
    way = models.CharField(max_length=12, choices=RecoveryWay.choices)
    source = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="+")
    leg = models.OneToOneField("refunds.Leg", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, default="", blank=True)
    status = models.CharField(max_length=10, choices=DeskStatus.choices, default=DeskStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("refund", condition=Q(status=DeskStatus.ASKED), name="refunds_one_recovery_asked"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refunds_recovery_amount"),
            models.CheckConstraint(condition=Q(status__in=DeskStatus.values), name="refunds_recovery_status"),
            models.CheckConstraint(
                condition=Q(way=RecoveryWay.KEPT, source__isnull=False, leg=None)
                | Q(way=RecoveryWay.WRITTEN_OFF, source=None, leg=None)
                | Q(way=RecoveryWay.RETURNED, source=None, leg__isnull=False, status=DeskStatus.DONE),
                name="refunds_recovery_way",
            ),
            models.CheckConstraint(
                condition=Q(way=RecoveryWay.RETURNED, asked_by=None, decided_by=None)
                | Q(asked_by__isnull=False) & ~Q(reason="") & NEEDS_TWO,
                name="refunds_recovery_needs_two",
            ),
        ]
        indexes = [models.Index(fields=["refund"], name="refunds_recovery_of_refund")]

    def __str__(self) -> str:
        return f"{self.amount} of {self.refund_id}"
