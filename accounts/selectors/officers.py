from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import get_language

from accounts.enums import Relation, Role
from accounts.models import Account, LevyingBody, Officer, Relative, RoleGrant


@dataclass(frozen=True)
class OfficerFacts:
    """An officer and what they may do now."""

    account_id: int
    email: str
    name: str
    body: str
    of_the_city: bool
    roles: frozenset[Role]
    active: bool = True


@dataclass(frozen=True)
class GrantFacts:
    """A role that was asked for; `granted` once a second administrator agreed."""

    id: int
    role: Role
    reason: str
    asked_by: int
    granted: bool


def officer_facts(*, account_id: int) -> OfficerFacts | None:
    """The officer with that account, with granted roles; None if there is none or it is suspended."""
    officer = _officers().filter(pk=account_id, account__is_active=True).first()
    return _facts(officer, _roles([officer.pk])) if officer else None


def all_officers() -> list[OfficerFacts]:
    officers = list(_officers().order_by("body_id", "name", "pk"))
    roles = _roles([officer.pk for officer in officers])
    return [_facts(officer, roles) for officer in officers]


def open_grants(*, account_id: int) -> list[GrantFacts]:
    """Roles asked for and not ended, of one officer."""
    rows = RoleGrant.objects.filter(officer_id=account_id, ended_at=None).order_by("asked_at")
    return [GrantFacts(row.pk, Role(row.role), row.reason, row.asked_by_id, row.granted_at is not None) for row in rows]


def own_files(*, account_id: int) -> frozenset[int]:
    """Taxpayers that are the officer or declared relatives."""
    found = Relative.objects.filter(officer_id=account_id, taxpayer__isnull=False)
    own = Account.objects.filter(pk=account_id, taxpayer__isnull=False).values_list("taxpayer_id", flat=True)
    return frozenset(pk for pk in found.values_list("taxpayer_id", flat=True) if pk) | frozenset(pk for pk in own if pk)


def _officers() -> QuerySet[Officer]:
    return Officer.objects.select_related("body").annotate(
        account_email=F("account__email"), account_is_active=F("account__is_active")
    )


def _facts(officer: Officer, roles: dict[int, frozenset[Role]]) -> OfficerFacts:
    return OfficerFacts(
        account_id=officer.pk,
        email=officer.account_email,  # type: ignore[attr-defined]
        name=officer.name,
        body=officer.body_id,
        of_the_city=officer.body.kind == LevyingBody.Kind.CITY,
        roles=roles.get(officer.pk, frozenset()),
        active=officer.account_is_active,  # type: ignore[attr-defined]
    )


def _roles(ids: list[int]) -> dict[int, frozenset[Role]]:
    grants = RoleGrant.objects.filter(officer_id__in=ids, granted_at__isnull=False, ended_at=None)
    found: dict[int, set[Role]] = {}
    for officer_id, role in grants.values_list("officer_id", "role"):
        found.setdefault(officer_id, set()).add(Role(role))
    return {officer_id: frozenset(roles) for officer_id, roles in found.items()}


@dataclass(frozen=True)
class RelativeFacts:
    relation: Relation
    name: str
    declared_at: datetime
    found: bool


def relatives_of(*, account_id: int) -> list[RelativeFacts]:
    """What an officer declared; `found` once the worker knows the record."""
    rows = Relative.objects.filter(officer_id=account_id).order_by("declared_at")
    return [
        RelativeFacts(Relation(row.relation), row.name, row.declared_at, row.taxpayer_id is not None) for row in rows
    ]


def body_names() -> dict[str, str]:
    """Levying bodies by code, named in the reader's language."""
    korean = (get_language() or "ko").startswith("ko")
    return {row.code: row.name_ko if korean else row.name_en for row in LevyingBody.objects.order_by("code")}


@dataclass(frozen=True)
class BodyFacts:
    kind: str
    name_ko: str
    name_en: str


def body_kinds() -> dict[str, BodyFacts]:
    """Levying bodies by code, in both languages."""
    return {row.code: BodyFacts(row.kind, row.name_ko, row.name_en) for row in LevyingBody.objects.order_by("code")}
