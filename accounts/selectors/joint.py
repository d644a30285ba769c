from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.enums import AuthorityKind
from accounts.models import Authority, NewTaxpayer, Share, Taxpayer
from core import clock


@dataclass(frozen=True)
class ShareFacts:
    """One co-owner's part of a joint record. Names are empty where the login may not see them."""

    joint: int
    owner: int
    numerator: int
    denominator: int
    starts_on: date
    ends_on: date | None
    joint_name: str = ""
    owner_name: str = ""

    @property
    def part(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True)
class HeldRecord:
    """A record of somebody else: why one may act for it, one's share in it, and until when."""

    principal: int
    name: str
    kind: str
    share: str
    ends_on: date | None


@dataclass(frozen=True)
class NewcomerFacts:
    name: str
    taxpayer: int | None
    known: bool


def shares_about(taxpayer_id: int) -> list[ShareFacts]:
    """Shares in a joint record, or those that somebody holds in joint records; the present ones first."""
    held = Share.objects.filter(owner_id=taxpayer_id) | Share.objects.filter(joint_id=taxpayer_id)
    rows = list(held.order_by("-starts_on", "pk"))
    ids = {taxpayer_id for row in rows for taxpayer_id in (row.joint_id, row.owner_id)}
    names = dict(Taxpayer.objects.filter(pk__in=ids).values_list("pk", "name"))
    found = [
        ShareFacts(
            joint=row.joint_id,
            owner=row.owner_id,
            numerator=row.numerator,
            denominator=row.denominator,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            joint_name=names.get(row.joint_id, ""),
            owner_name=names.get(row.owner_id, ""),
        )
        for row in rows
    ]
    return sorted(found, key=lambda share: share.ends_on is not None)


def present_shares(*, owner_id: int) -> dict[int, ShareFacts]:
    """By joint record: the part that somebody holds in it now, as far as the login may see it."""
    names = ("joint_id", "owner_id", "numerator", "denominator", "starts_on", "ends_on")
    rows = Share.objects.filter(owner_id=owner_id, ends_on=None).values_list(*names)
    return {row[0]: ShareFacts(*row) for row in rows}


def records_held(*, agent_id: int, at: datetime) -> list[HeldRecord]:
    """Records of others that somebody may act for on that day, as far as the login may see them."""
    today = clock.local_date(at)
    shares = present_shares(owner_id=agent_id)
    rows = Authority.objects.filter(agent_id=agent_id, revoked_at=None, starts_on__lte=today)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by("kind", "principal_id")
    return [
        HeldRecord(
            principal=row.principal_id,
            name=row.principal.name,
            kind=str(AuthorityKind(row.kind).label),
            share=shares[row.principal_id].part if row.principal_id in shares else "",
            ends_on=row.ends_on,
        )
        for row in rows.select_related("principal")
    ]


def newcomer(newcomer_id: int) -> NewcomerFacts | None:
    """What became of somebody whom the signed-in clerk recorded."""
    row = NewTaxpayer.objects.filter(pk=newcomer_id).values_list("name", "taxpayer_id", "known").first()
    return NewcomerFacts(*row) if row else None
