"""What several people own together (공유) is a record of its own; each co-owner sees it and may pay for it.

Co-owners owe its taxes jointly (연대납세의무, 지방세기본법 제44조). Where no shares are known they are equal
(지방세법 제107조제1항제1호).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import lcm

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import AuthorityKind
from accounts.functions import ask
from accounts.models import Authority, Share, Taxpayer
from accounts.services.authorities import open_authority, revoke_authority
from core import audit
from core.errors import Refusal


class SharesNotWhole(Refusal):
    message = _("The shares do not make up the whole. Check them: together they must be 1.")


class OwnersUnclear(Refusal):
    message = _("Name at least two different records, none of which is a joint record itself.")


class SharesNotLater(Refusal):
    message = _("The new shares must begin after the present ones.")


@dataclass(frozen=True)
class Part:
    """One co-owner and the share; without a share on any of them all are equal."""

    owner_id: int
    share: Fraction | None = None


def record_joint_owners(*, parts: Sequence[Part], starts_on: date, reason: str, actor_id: int) -> int:
    """Open a joint record (office only); returns its id. Raises `OwnersUnclear` or `SharesNotWhole`.

    Owners are records that the officer's body deals with; the database shows no others.
    """
    names = _names(parts)
    shares = _whole(parts)
    with transaction.atomic():
        joint_id = int(ask("accounts_open_record", Taxpayer.Kind.JOINT, _joint_name(parts, names), None, ""))
        _write(joint_id, shares, starts_on, actor_id)
        for owner_id in shares:
            _let_in(joint_id, owner_id, starts_on, reason, actor_id)
        _audit("recorded", joint_id, shares, reason, actor_id)
    return joint_id


def change_joint_owners(
    *, joint_id: int, parts: Sequence[Part], starts_on: date, reason: str, actor_id: int, at: datetime
) -> None:
    """New owners or shares from a day on; the old ones stay in the history. Also raises `SharesNotLater`."""
    names = _names(parts)
    shares = _whole(parts)
    with transaction.atomic():
        present = list(Share.objects.select_for_update().filter(joint_id=joint_id, ends_on=None))
        if any(share.starts_on >= starts_on for share in present):
            raise SharesNotLater
        Share.objects.filter(pk__in=[share.pk for share in present]).update(ends_on=starts_on)
        _write(joint_id, shares, starts_on, actor_id)
        before = {share.owner_id for share in present}
        for owner_id in shares.keys() - before:
            _let_in(joint_id, owner_id, starts_on, reason, actor_id)
        gone = Authority.objects.filter(
            principal_id=joint_id, agent_id__in=before - shares.keys(), kind=AuthorityKind.CO_OWNER, revoked_at=None
        )
        for authority_id in gone.values_list("pk", flat=True):
            revoke_authority(authority_id=authority_id, reason=reason, actor_id=actor_id, at=at)
        Taxpayer.objects.filter(pk=joint_id).update(name=_joint_name(parts, names))
        _audit("changed", joint_id, shares, reason, actor_id)


def _names(parts: Sequence[Part]) -> dict[int, str]:
    owners = {part.owner_id for part in parts}
    found = Taxpayer.objects.filter(pk__in=owners).exclude(kind=Taxpayer.Kind.JOINT).values_list("pk", "name")
    if len(owners) < 2 or len(owners) < len(parts) or len(found) < len(owners):
        raise OwnersUnclear
    return dict(found)


def _whole(parts: Sequence[Part]) -> dict[int, Fraction]:
    """Each owner's share, together 1."""
    shares = [part.share for part in parts if part.share is not None]
    if not shares:
        return {part.owner_id: Fraction(1, len(parts)) for part in parts}
    if len(shares) < len(parts) or sum(shares) != 1 or min(shares) <= 0:
        raise SharesNotWhole
    return {part.owner_id: part.share for part in parts if part.share is not None}


def _joint_name(parts: Sequence[Part], names: dict[int, str]) -> str:
    return f"{names[parts[0].owner_id][:80]} 외 {len(parts) - 1}인"


def _write(joint_id: int, shares: dict[int, Fraction], starts_on: date, actor_id: int) -> None:
    whole = lcm(*(share.denominator for share in shares.values()))
    if whole > 10**9:
        raise SharesNotWhole
    Share.objects.bulk_create(
        Share(
            joint_id=joint_id, owner_id=owner_id, numerator=int(share * whole), denominator=whole,
            starts_on=starts_on, recorded_by_id=actor_id,
        )
        for owner_id, share in shares.items()
    )  # fmt: skip


def _let_in(joint_id: int, owner_id: int, starts_on: date, reason: str, actor_id: int) -> None:
    open_authority(
        kind=AuthorityKind.CO_OWNER,
        principal_id=joint_id,
        agent_id=owner_id,
        starts_on=starts_on,
        reason=reason,
        actor_id=actor_id,
    )


def _audit(change: str, joint_id: int, shares: dict[int, Fraction], reason: str, actor_id: int) -> None:
    audit.record(
        action=f"accounts.joint_owners_{change}",
        subject=f"taxpayer:{joint_id}",
        actor_id=actor_id,
        taxpayer_id=joint_id,
        reason=reason,
        details={"shares": {str(owner_id): str(share) for owner_id, share in shares.items()}},
    )
