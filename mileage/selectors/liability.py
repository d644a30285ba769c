"""What the city owes for points (마일리지 부채), for the treasurer; read from the postings alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from mileage.states import Kind, Way

BY_YEAR: Final = """
    SELECT extract(year FROM l.expires_on)::integer, sum(p.amount) FILTER (WHERE p.account = 'held'),
           sum(p.amount) FILTER (WHERE p.account = 'reserved'), count(DISTINCT l.holder_id)
    FROM mileage_posting p JOIN mileage_entry e ON e.id = p.entry_id JOIN mileage_lot l ON l.id = p.lot_id
    WHERE e.business_date <= %s GROUP BY 1 HAVING sum(p.amount) <> 0 ORDER BY 1
"""
# What each kind of entry moved the liability by; points kept for a use stay owed, so that moves nothing.
FLOWS: Final = """
    SELECT e.kind, coalesce(u.way, ''), sum(p.amount)::bigint, count(DISTINCT e.id)
    FROM mileage_entry e JOIN mileage_posting p ON p.entry_id = e.id AND p.lot_id IS NOT NULL
    LEFT JOIN mileage_use u ON e.kind IN ('spent', 'given_back') AND u.reference = split_part(e.reference, '/', 1)
    WHERE e.business_date BETWEEN %s AND %s GROUP BY 1, 2 HAVING sum(p.amount) <> 0 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class ExpiryYear:
    """Points that expire in a year, of so many holders; what holders owe is below zero."""

    year: int
    held: int
    reserved: int
    holders: int

    @property
    def points(self) -> int:
        return self.held + self.reserved


@dataclass(frozen=True)
class Flow:
    """By how much one kind of movement changed what is owed, within the year."""

    kind: str
    way: str
    points: int
    entries: int

    @property
    def label(self) -> str:
        what = str(Kind(self.kind).label)
        return f"{what}: {Way(self.way).label}" if self.way else what


@dataclass(frozen=True)
class Liability:
    """At the end of `on`; `flows` are those of the year up to then, `opening` what was owed before."""

    on: date
    opening: int
    flows: tuple[Flow, ...]
    years: tuple[ExpiryYear, ...]

    @property
    def points(self) -> int:
        return sum(year.points for year in self.years)


def liability(*, on: date) -> Liability:
    """What is owed for points at the end of a day, and how the year led there. A point is one won."""
    start = on.replace(month=1, day=1)
    with connection.cursor() as cursor:
        cursor.execute(BY_YEAR, [on])
        years = tuple(ExpiryYear(year, int(held or 0), int(kept or 0), many) for year, held, kept, many in cursor)
        cursor.execute(FLOWS, [start, on])
        flows = tuple(Flow(kind, way, int(points), many) for kind, way, points, many in cursor)
    closing = sum(year.points for year in years)
    return Liability(on, closing - sum(flow.points for flow in flows), flows, years)
