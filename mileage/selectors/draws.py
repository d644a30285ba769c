"""What was published of the selections of model taxpayers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from mileage.models import Candidate, Draw
from mileage.rules.pack import Grade, a_year_before, pack
from mileage.states import DrawStatus


@dataclass(frozen=True)
class DrawFacts:
    """A selection, as anybody may read it. `begun_by` is an account's number, for the office."""

    id: int
    year: int
    places: int
    rule: Mapping[str, Any]
    status: str
    commitment: str
    list_hash: str
    candidates: int
    event: str
    event_on: date | None
    told: str
    seed: str
    begun_by: int
    begun_at: datetime
    revealed_at: datetime | None

    @property
    def label(self) -> str:
        return str(DrawStatus(self.status).label)


@dataclass(frozen=True)
class OwnMark:
    """One's own mark in a selection; drawn as the `place`-th, or None."""

    year: int
    mark: str
    place: int | None
    revealed: bool


@dataclass(frozen=True)
class GradeCount:
    grade: Grade
    holders: int


def draws() -> list[DrawFacts]:
    return [_facts(row) for row in Draw.objects.order_by("-year")]


def draw_of(year: int) -> DrawFacts | None:
    row = Draw.objects.filter(year=year).first()
    return _facts(row) if row else None


def marks(draw_id: int) -> list[tuple[str, int | None]]:
    """Every mark of the list and its place if it was drawn; none before the list is published."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark, place FROM mileage_marks(%s)", [draw_id])
        return list(cursor.fetchall())


def record_of(draw: DrawFacts) -> dict[str, Any]:
    """All that repeating the draw needs; what `manage.py verify_draw` reads."""
    listed = marks(draw.id)
    winners = sorted((place, mark) for mark, place in listed if place is not None)
    return {
        "year": draw.year,
        "places": draw.places,
        "rule": dict(draw.rule),
        "commitment": draw.commitment,
        "list_hash": draw.list_hash,
        "event": draw.event,
        "event_on": draw.event_on.isoformat() if draw.event_on else "",
        "told": draw.told,
        "seed": draw.seed,
        "candidates": [mark for mark, _ in listed],
        "drawn": [mark for _, mark in winners],
    }


def own_marks() -> list[OwnMark]:
    """Of whoever is signed in. Public face."""
    rows = Candidate.objects.select_related("draw").order_by("-draw__year")
    return [OwnMark(row.draw.year, row.mark, row.place, row.draw.status == DrawStatus.REVEALED) for row in rows]


def holders_by_grade(*, on: date) -> list[GradeCount]:
    """How many holders who paid well within twelve months have each grade. Office."""
    counts = {grade.code: 0 for grade in pack().grades}
    with connection.cursor() as cursor:
        cursor.execute("SELECT bills, holders FROM mileage_payers_by_bills(%s, %s)", [a_year_before(on), on])
        for bills, holders in cursor.fetchall():
            counts[pack().grade(bills).code] += holders
    return [GradeCount(grade, counts[grade.code]) for grade in pack().grades]


def _facts(row: Draw) -> DrawFacts:
    return DrawFacts(
        row.pk, row.year, row.places, row.rule, row.status, row.commitment, row.list_hash, row.candidates_count,
        row.event, row.event_on, row.told, row.seed, row.begun_by_id, row.begun_at, row.revealed_at,
    )  # fmt: skip
