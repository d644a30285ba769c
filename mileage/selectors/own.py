"""One's own points, as far as the running login may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from core import clock
from mileage.models import EarnedBill, Entry, Use
from mileage.rules.pack import Grade, pack
from mileage.states import Account, Kind, UseStatus, Way


@dataclass(frozen=True)
class Expiring:
    """So many points, the last day of which is `on`."""

    on: date
    points: int


@dataclass(frozen=True)
class Points:
    """Somebody's points on a day. `owed`: below zero, because points were taken back that had been spent.

    `soon`: what expires within the days of notice. `bills`: those that count for the grade.
    """

    available: int
    reserved: int
    owed: int
    soon: tuple[Expiring, ...]
    bills: int
    grade: Grade


@dataclass(frozen=True)
class HistoryLine:
    """A line of somebody's history. `change`: by how many more, or fewer, they could use; `bill`: what it is about."""

    at: datetime
    kind: str
    change: int
    bill: int | None
    way: str
    reference: str
    rules: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def way_label(self) -> str:
        return str(Way(self.way).label) if self.way else ""


def my_points(*, at: datetime) -> Points | None:
    """The points of whoever is signed in; None where the session has no record of its own. Public face."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mileage_own()")
        (own,) = cursor.fetchone()
    return points_of(holder_id=own, at=at) if own is not None else None


def points_of(*, holder_id: int, at: datetime) -> Points:
    """The points of a taxpayer, none if there are none."""
    today = clock.local_date(at)
    city = pack()
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires_on, held FROM mileage_lots(%s, %s) ORDER BY expires_on, lot", [holder_id, today])
        lots = cursor.fetchall()
    owed = -sum(held for _, held in lots if held < 0)
    available = max(sum(held for _, held in lots), 0)
    reserved = Use.objects.filter(holder_id=holder_id, status=UseStatus.RESERVED).aggregate(sum=Sum("points"))["sum"]
    bills = good_bills(holder_id=holder_id, on=today).count()
    soon = _soon(lots, today + timedelta(days=city.notice_days)) if available else ()
    return Points(available, int(reserved or 0), owed, soon, bills, city.grade(bills))


def good_bills(*, holder_id: int, on: date) -> QuerySet[EarnedBill]:
    """Bills that count for a grade: paid well within the twelve months before a day."""
    return EarnedBill.objects.filter(
        holder_id=holder_id, counts=True, paid_on__gt=on - timedelta(days=365), paid_on__lte=on
    )


def history(*, at_most: int = 500) -> list[HistoryLine]:
    """Every movement of the points that the login may see, newest first: what was set off inside stays inside."""
    held = Sum("postings__amount", filter=Q(postings__account=Account.HELD))
    rows = Entry.objects.exclude(kind=Kind.SET_OFF).annotate(held=held).order_by("-occurred_at", "-pk")
    return [_line(row) for row in rows[:at_most]]


def _line(row: Any) -> HistoryLine:
    facts = row.facts
    rules = tuple(one["rule"] for one in facts.get("rules", ()))
    return HistoryLine(
        row.occurred_at, row.kind, int(row.held or 0), facts.get("bill"), facts.get("way", ""), row.reference, rules
    )


def _soon(lots: list[tuple[date, int]], until: date) -> tuple[Expiring, ...]:
    """By day; lots of one day together."""
    days: dict[date, int] = {}
    for expires_on, held in lots:
        if held > 0 and expires_on <= until:
            days[expires_on] = days.get(expires_on, 0) + held
    return tuple(Expiring(on, points) for on, points in days.items())
