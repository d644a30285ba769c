from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.enums import Relation, Role


class Officer(models.Model):
    """A member of staff of the city or of a district; the city's officers see every district."""

    account = models.OneToOneField("accounts.Account", on_delete=models.PROTECT, primary_key=True)
    body = models.ForeignKey("accounts.LevyingBody", on_delete=models.PROTECT)
    name = models.CharField(max_length=100)
    appointed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"officer {self.account_id}"


class RoleGrant(models.Model):
    """A role asked for by one administrator and granted by another, who is not the officer either."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=Role.choices)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    granted_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    granted_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "role"], condition=models.Q(ended_at=None), name="accounts_role_once"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_role_known"),
            models.CheckConstraint(
                condition=models.Q(granted_by=None)
                | (~models.Q(granted_by=models.F("asked_by")) & ~models.Q(granted_by=models.F("officer"))),
                name="accounts_role_needs_two",
            ),
            models.CheckConstraint(
                condition=models.Q(granted_by__isnull=True, granted_at__isnull=True)
                | models.Q(granted_by__isnull=False, granted_at__isnull=False),
                name="accounts_role_granted_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True)
                | models.Q(ended_by__isnull=False, ended_at__isnull=False),
                name="accounts_role_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of officer {self.officer_id}"


class Relative(models.Model):
    """Somebody whose file an officer may not touch: themselves or a declared relative.

    The number is typed in the office, sealed at once to the vault's key; a worker finds the taxpayer and drops it.
    """

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="relatives")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    name = models.CharField(max_length=100)
    sealed_number = models.BinaryField(null=True)
    taxpayer = models.ForeignKey("accounts.Taxpayer", on_delete=models.PROTECT, null=True)
    declared_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sealed_number__isnull=False) | models.Q(taxpayer__isnull=False),
                name="accounts_relative_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation} of officer {self.officer_id}"
