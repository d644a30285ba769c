from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from mileage.models import Entry, Use
from mileage.states import Account, Kind, UseStatus, Way


@dataclass(frozen=True)
class GivenBack:
    """Points of a use that came back, under the key by which they did."""

    key: str
    points: int
    at: datetime


@dataclass(frozen=True)
class UseFacts:
    """A use of points, as far as the running login may see it."""

    reference: str
    way: str
    points: int
    status: str
    asked_at: datetime
    given_back: tuple[GivenBack, ...]

    @property
    def released(self) -> bool:
        return self.status == UseStatus.RELEASED

    @property
    def left(self) -> int:
        """Points of it that did not come back."""
        return self.points - sum(one.points for one in self.given_back)


def use_of(*, reference: str) -> UseFacts | None:
    """The use of this reference, with what came back of it in its order."""
    use = Use.objects.filter(reference=reference).first()
    if use is None:
        return None
    entries = Entry.objects.filter(
        holder_id=use.holder_id, kind=Kind.GIVEN_BACK, reference__startswith=f"{reference}/"
    ).order_by("pk")
    held = entries.filter(postings__account=Account.HELD).annotate(points=Sum("postings__amount"))
    back = tuple(
        GivenBack(one.reference.removeprefix(f"{reference}/"), int(one.points), one.occurred_at) for one in held
    )
    return UseFacts(use.reference, use.way, use.points, use.status, use.asked_at, back)


def spent_on_bills() -> int:
    """Points that pay bills now: spent, less what came back."""
    spent = Use.objects.filter(way=Way.BILL, status=UseStatus.SPENT)
    return int(spent.aggregate(sum=Sum(F("points") - F("given_back")))["sum"] or 0)


@dataclass(frozen=True)
class OwnUse:
    """Something that one asked points for."""

    reference: str
    label: str
    state: str
    points: int
    asked_at: datetime
    because: str
    may_withdraw: bool


def own_uses(*, most: int = 20) -> list[OwnUse]:
    """What the login may see of uses that are no bills, newest first. Public face."""
    rows = Use.objects.exclude(way=Way.BILL).order_by("-asked_at", "-pk")[:most]
    return [
        OwnUse(
            row.reference,
            str(Way(row.way).label),
            str(UseStatus(row.status).label),
            row.points,
            row.asked_at,
            row.because,
            row.status == UseStatus.RESERVED and row.batch_id is None,
        )
        for row in rows
    ]
