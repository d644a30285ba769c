from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.enums import AuthorityKind


class Taxpayer(models.Model):
    """A person or business that owes tax (납세의무자). Numbers that identify it are in the vault only.

    What several people own together, or somebody who died left behind, is a record of its own: co-owners and heirs
    reach it by an `Authority`.
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual"
        BUSINESS = "business"
        FOREIGNER = "foreigner"
        JOINT = "joint"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)
    birth_date = models.DateField(null=True)
    died_on = models.DateField(null=True)
    email = models.EmailField(default="", blank=True)

    class Meta:
        indexes = [models.Index("name", name="accounts_taxpayer_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(died_on=None) | models.Q(kind__in=["individual", "foreigner"]),
                name="accounts_only_people_die",
            ),
        ]

    def __str__(self) -> str:
        return f"taxpayer {self.pk}"


class TaxpayerAddress(models.Model):
    """Where a taxpayer lives or sits, from one day to another; the open row is the present address."""

    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT)
    text = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["taxpayer"], condition=models.Q(ends_on=None), name="accounts_one_present_address"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="accounts_address_days",
            ),
        ]

    def __str__(self) -> str:
        return f"address of taxpayer {self.taxpayer_id} from {self.starts_on}"


class Authority(models.Model):
    """`agent` may see and act for `principal`'s record, for a time; powers of attorney and delegations must end."""

    kind = models.CharField(max_length=10, choices=AuthorityKind.choices)
    principal = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="authorities_given")
    agent = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, related_name="authorities_held")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    revoked_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(principal=models.F("agent")), name="accounts_authority_of_two"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["heir", "co_owner"]) | models.Q(ends_on__isnull=False),
                name="accounts_authority_must_end",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="accounts_authority_days",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="accounts_authority_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.agent_id} for {self.principal_id}"


class TaxpayerBody(models.Model):
    """Which offices deal with a taxpayer, and so may see the record; a bill or a record made there is the reason.

    What stands above (bills, returns) tells it by `accounts_deal_with`; accounts asks nobody. A first roll writes them
    by the hundred thousand, so they name their parents by statement (`core/sql/references.sql`).
    """

    pk = models.CompositePrimaryKey("taxpayer_id", "body_id")
    taxpayer = models.ForeignKey(Taxpayer, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT, db_constraint=False, db_index=False)

    def __str__(self) -> str:
        return f"taxpayer {self.taxpayer_id} at {self.body_id}"
