"""One's own points, as far as the running login may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from core import clock
from mileage.models import EarnedBill, Entry, Use
from mileage.ports import BillName, bill_names
from mileage.rules.pack import Grade, a_year_before, pack
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
    """A line of somebody's history. `change`: by how many more, or fewer, they could use; `bills`: what it is about,
    and how those are named that the reader may see.
    """

    at: datetime
    kind: str
    change: int
    way: str
    reference: str
    bills: tuple[int, ...] = ()
    named: tuple[BillName, ...] = ()

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
    return EarnedBill.objects.filter(holder_id=holder_id, counts=True, paid_on__gt=a_year_before(on), paid_on__lte=on)


def history(*, at_most: int = 500) -> list[HistoryLine]:
    """Every movement of the points that the login may see, newest first: what was set off inside stays inside."""
    held = Sum("postings__amount", filter=Q(postings__account=Account.HELD))
    entries = Entry.objects.exclude(kind=Kind.SET_OFF).annotate(held=held).order_by("-occurred_at", "-pk")
    rows = list(entries[:at_most])
    uses = Use.objects.in_bulk({_use_of(row) for row in rows}, field_name="reference")
    return [_line(row, uses.get(_use_of(row))) for row in rows]


def with_bills(lines: Sequence[HistoryLine]) -> list[HistoryLine]:
    """The same lines with the names of their bills."""
    names = bill_names(bill_ids={bill for line in lines for bill in line.bills})
    return [replace(line, named=tuple(names[bill] for bill in line.bills if bill in names)) for line in lines]


def _use_of(entry: Entry) -> str:
    return entry.reference.partition("/")[0]


def _line(row: Any, use: Use | None) -> HistoryLine:
    about = [row.facts["bill"]] if "bill" in row.facts else use.target.get("bills", ()) if use else ()
    way = use.way if use else ""
    return HistoryLine(row.occurred_at, row.kind, int(row.held or 0), way, row.reference, tuple(about))


def _soon(lots: list[tuple[date, int]], until: date) -> tuple[Expiring, ...]:
    """By day; lots of one day together."""
    days: dict[date, int] = {}
    for expires_on, held in lots:
        if held > 0 and expires_on <= until:
            days[expires_on] = days.get(expires_on, 0) + held
    return tuple(Expiring(on, points) for on, points in days.items())
