"""Credits for electronic notice or automatic payment (전자송달·자동납부 세액공제), and for a fine paid early."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from billing.models.bill import Bill, BillLine


class EntitlementKind(models.TextChoices):
    E_NOTICE = "e_notice"
    AUTOPAY = "autopay"


class Entitlement(models.Model):
    """What billing was told of a taxpayer: from when to when notices were electronic, or payment automatic."""

    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=EntitlementKind.choices)
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("taxpayer", "kind", "began_on", name="billing_entitlement_key"),
            models.CheckConstraint(condition=Q(kind__in=EntitlementKind.values), name="billing_entitlement_kind"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="billing_entitlement_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taxpayer_id}: {self.kind} from {self.began_on}"


class BillCredit(models.Model):
    """Won that a bill is lower by as long as it is paid in time; of the main tax. Append-only.

    In time is by the due date, also one that was moved, or by `until_on` where one is named: a fine paid early
    (사전납부 감경), whose time no act moves.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="credits")
    line = models.ForeignKey(BillLine, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    kinds = models.JSONField()
    article = models.CharField(max_length=200)
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("bill", name="billing_credit_of_bill"),
            models.UniqueConstraint("line", name="billing_credit_of_line"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_credit_amount"),
        ]

    def __str__(self) -> str:
        return f"credit of bill {self.bill_id}"
