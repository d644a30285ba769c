"""The court's figures as they are told to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from appeals.decision_states import FigureOf
from appeals.models import Figure

COUNTS: Final = ("decided", "upheld", "rejected", "dismissed", "reexamined")
FIELDS: Final = ("year", "of", "code", "name_ko", "name_en", *COUNTS, "days", "returned", "least", "told_on")
YEARS: Final = 30


def share(upheld: int | None, decided: int | None) -> str:
    """The improper-levy rate (부실과세율): of the decided cases those in which the levy was reduced or cancelled, in
    percent with one decimal; empty where one of the two is not told, or nothing was decided.

    >>> share(2, 3), share(0, 7), share(None, 7), share(0, 0)
    ('66.7', '0.0', '', '')
    """
    if upheld is None or not decided:
        return ""
    tenths = (2000 * upheld + decided) // (2 * decided)
    return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, kw_only=True)
class FigureShown:
    """A row as it is told; None is withheld. `of`: all, tax or body."""

    year: int
    of: str
    code: str
    name_ko: str
    name_en: str
    decided: int | None
    upheld: int | None
    rejected: int | None
    dismissed: int | None
    reexamined: int | None
    days: int | None
    returned: int | None
    least: int
    told_on: date

    @property
    def rate(self) -> str:
        return share(self.upheld, self.decided)

    @property
    def counts(self) -> list[int | None]:
        return [getattr(self, name) for name in COUNTS]

    @property
    def nothing(self) -> bool:
        """Nothing was decided, and that is told."""
        return self.decided == 0

    @property
    def withheld(self) -> list[str]:
        missing = [name for name in (*COUNTS, "returned") if getattr(self, name) is None]
        return missing + (["days"] if self.decided is None else [])


@dataclass(frozen=True, kw_only=True)
class Satisfied:
    """Of a quarter (`2026Q4`): how many answered, and their average, 0 to 100."""

    quarter: str
    answers: int
    average: str


def years() -> list[int]:
    """Of which figures are told, the last first."""
    return list(Figure.objects.filter(of=FigureOf.ALL).order_by("-year").values_list("year", flat=True)[:YEARS])


def told(year: int) -> dict[str, list[FigureShown]]:
    """The rows of a year by what they are about, named in the reader's order; empty where nothing is told of it."""
    rows = Figure.objects.filter(year=year).order_by("of", "code").values(*FIELDS)
    found: dict[str, list[FigureShown]] = {}
    for row in rows:
        found.setdefault(row["of"], []).append(FigureShown(**row))
    return found


def satisfied(*, at: datetime) -> list[Satisfied]:
    """Quarters that are over and in which enough answers were counted, the last first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quarter, answers, average FROM appeals_satisfied(%s)", [at])
        return [Satisfied(quarter=quarter, answers=many, average=f"{avg:.1f}") for quarter, many, avg in cursor]


def as_data(rows: Mapping[str, list[FigureShown]]) -> Iterator[dict[str, Any]]:
    """Each row for machines: what is withheld is null and named in `withheld`."""
    for one in (row for about in rows.values() for row in about):
        facts = {name: getattr(one, name) for name in FIELDS if name not in ("least", "told_on")}
        yield {**facts, "upheld_percent": one.rate or None, "withheld": one.withheld}


def may_answer(case_id: int, *, at: datetime) -> str:
    """Whether the petitioner is asked how satisfied they are: `asks`; `once`: they said so; empty: not asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT appeals_asks(%s, %s)", [case_id, at])
        found = cursor.fetchone()
    return (found[0] or "") if found else ""
