"""Powers of attorney, delegations, heirs and co-owners: who may act for whose record."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import AuthorityKind
from accounts.functions import ask
from accounts.models import Authority
from accounts.selectors.officers import own_files
from accounts.services.own_files import OwnFile
from core import audit
from core.errors import Refusal
from core.log import append_leaf


class AgentUnknown(Refusal):
    message = _("There is no account with this e-mail address whose identity is verified.")


class AuthorityWithoutEnd(Refusal):
    message = _("A power of attorney and a delegation need a last day that is not before the first.")


class AuthorityForOneself(Refusal):
    message = _("Nobody needs an authority for their own record.")


class AuthorityIsOver(Refusal):
    message = _("This authority has ended already.")


def record_authority(
    *,
    kind: AuthorityKind,
    principal_id: int,
    agent_email: str,
    starts_on: date,
    ends_on: date | None,
    reason: str,
    actor_id: int,
) -> int:
    """Let the person behind an account act for a record; returns the authority's id.

    The agent's identity must be verified. The database knows of whom only what the officer who is signed in may.
    Raises `AgentUnknown`, `OwnFile`, `AuthorityWithoutEnd`, `AuthorityForOneself`.
    """
    agent_id = ask("accounts_agent_with", agent_email.lower())
    if agent_id is None:
        raise AgentUnknown
    if {principal_id, agent_id} & own_files(account_id=actor_id):
        raise OwnFile
    if agent_id == principal_id:
        raise AuthorityForOneself
    must_end = kind in {AuthorityKind.AGENT, AuthorityKind.DELEGATE}
    if (ends_on is None and must_end) or (ends_on is not None and ends_on < starts_on):
        raise AuthorityWithoutEnd
    return open_authority(
        kind=kind,
        principal_id=principal_id,
        agent_id=agent_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        actor_id=actor_id,
    )


def open_authority(
    *,
    kind: AuthorityKind,
    principal_id: int,
    agent_id: int,
    starts_on: date,
    ends_on: date | None = None,
    reason: str,
    actor_id: int,
) -> int:
    """Write an authority down, with its audit record and its leaf; returns its id."""
    with transaction.atomic():
        authority = Authority.objects.create(
            kind=kind,
            principal_id=principal_id,
            agent_id=agent_id,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            recorded_by_id=actor_id,
        )
        _record("recorded", authority, actor_id, reason)
    return authority.pk


def revoke_authority(*, authority_id: int, reason: str, actor_id: int, at: datetime) -> None:
    """End an authority now. Raises `AuthorityIsOver`."""
    with transaction.atomic():
        authority = Authority.objects.filter(pk=authority_id).first()
        open_ones = Authority.objects.filter(pk=authority_id, revoked_at=None)
        changed = open_ones.update(revoked_by_id=actor_id, revoked_at=at, revoked_reason=reason)
        if authority is None or changed != 1:
            raise AuthorityIsOver
        _record("revoked", authority, actor_id, reason)


def _record(change: str, authority: Authority, actor_id: int, reason: str) -> None:
    content = {"authority": authority.pk, "change": change, "by": actor_id}
    append_leaf(kind="authority", reference=f"authority:{authority.pk}", content=content)
    audit.record(
        action=f"accounts.authority_{change}",
        subject=f"authority:{authority.pk}",
        actor_id=actor_id,
        taxpayer_id=authority.principal_id,
        reason=reason,
    )
