from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Share(models.Model):
    """What part of a joint record (공유) one co-owner holds, from one day until before another; open: at present.

    The open shares of a record have one denominator and make up the whole (`sql/joint.sql` refuses anything else).
    """

    joint = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="shares")
    owner = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, related_name="shares_held")
    numerator = models.IntegerField()
    denominator = models.IntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    recorded_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator__gte=1, numerator__lt=F("denominator")), name="accounts_share_is_a_part"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="accounts_share_days"
            ),
            models.CheckConstraint(condition=~Q(joint=F("owner")), name="accounts_share_of_another"),
            models.UniqueConstraint(fields=["joint", "owner"], condition=Q(ends_on=None), name="accounts_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator} of {self.joint_id}"


class NewTaxpayer(models.Model):
    """Somebody whom a clerk records at the counter. The number is sealed at once; a worker puts it into the vault.

    `taxpayer` is the record that was opened, or (`known`) the one that had the number already.
    """

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    email = models.EmailField(default="", blank=True)
    address = models.CharField(max_length=200, default="", blank=True)
    reason = models.CharField(max_length=300)
    sealed_number = models.BinaryField(null=True)
    asked_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, null=True)
    known = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "business"]), name="accounts_newcomer_kind"),
            models.CheckConstraint(
                condition=Q(sealed_number__isnull=False, taxpayer=None) | Q(sealed_number=None, taxpayer__isnull=False),
                name="accounts_newcomer_number_or_record",
            ),
        ]

    def __str__(self) -> str:
        return f"newcomer {self.pk}"
