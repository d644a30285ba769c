"""Roles: asked for by one administrator, granted by a second, ended by any of them. Each change is in the one log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import RoleGrant
from core import audit
from core.errors import Refusal
from core.log import append_leaf


class RoleAlreadyHeld(Refusal):
    message = _("The officer has this role already, or it has been asked for.")


class GrantNeedsAnother(Refusal):
    message = _("A role is granted by an administrator who neither asked for it nor gets it.")


class GrantIsOver(Refusal):
    message = _("Somebody else has decided about this role. Look at the list again.")


def ask_role(*, officer_id: int, role: Role, reason: str, actor_id: int, at: datetime) -> int:
    """Ask that an officer be given a role; returns the grant's id. Raises `RoleAlreadyHeld`."""
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                officer_id=officer_id, role=role, reason=reason, asked_by_id=actor_id, asked_at=at
            )
            _record("asked", grant, actor_id, reason)
    except IntegrityError:
        raise RoleAlreadyHeld from None
    return grant.pk


def grant_role(*, grant_id: int, actor_id: int, at: datetime) -> None:
    """Agree, as a second administrator. Raises `GrantNeedsAnother` or `GrantIsOver`."""
    with transaction.atomic():
        grant = RoleGrant.objects.filter(pk=grant_id, granted_at=None, ended_at=None).first()
        if grant is None:
            raise GrantIsOver
        if actor_id in {grant.asked_by_id, grant.officer_id}:
            raise GrantNeedsAnother
        open_ones = RoleGrant.objects.filter(pk=grant_id, granted_at=None, ended_at=None)
        if open_ones.update(granted_by_id=actor_id, granted_at=at) != 1:
            raise GrantIsOver
        _record("granted", grant, actor_id, grant.reason)


def end_role(*, grant_id: int, reason: str, actor_id: int, at: datetime) -> None:
    """Take a role away, or decline one that was asked for. Raises `GrantIsOver`."""
    with transaction.atomic():
        grant = RoleGrant.objects.filter(pk=grant_id, ended_at=None).first()
        if grant is None:
            raise GrantIsOver
        changes: dict[str, Any] = {"ended_by_id": actor_id, "ended_at": at, "ended_reason": reason}
        if RoleGrant.objects.filter(pk=grant_id, ended_at=None).update(**changes) != 1:
            raise GrantIsOver
        _record("ended" if grant.granted_at else "declined", grant, actor_id, reason)


def first_roles(*, administrators: Sequence[int], at: datetime) -> None:
    """The first administrators of a new installation vouch for each other. Worker only; two at least, and only once."""
    if len(set(administrators)) < 2:
        raise ValueError("granting a role needs two")
    if RoleGrant.objects.filter(role=Role.ADMINISTRATOR, granted_at__isnull=False, ended_at=None).exists():
        raise RoleAlreadyHeld
    others = [*administrators[1:], administrators[0]]
    thirds = [*others[1:], others[0]]
    with transaction.atomic():
        for officer_id, other, third in zip(administrators, others, thirds, strict=True):
            asker = officer_id if third == officer_id else third
            grant = RoleGrant.objects.create(
                officer_id=officer_id,
                role=Role.ADMINISTRATOR,
                reason="first administrators",
                asked_by_id=asker,
                asked_at=at,
                granted_by_id=other,
                granted_at=at,
            )
            _record("granted", grant, other, grant.reason)


def _record(change: str, grant: RoleGrant, actor_id: int, reason: str) -> None:
    content = {"officer": grant.officer_id, "role": grant.role, "change": change, "by": actor_id, "reason": reason}
    append_leaf(kind="role", reference=f"grant:{grant.pk}", content=content)
    audit.record(
        action=f"accounts.role_{change}",
        subject=f"account:{grant.officer_id}",
        actor_id=actor_id,
        reason=reason,
        details={"role": grant.role, "grant": grant.pk},
    )
