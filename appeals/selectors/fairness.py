"""How evenly cases fell on special tax advocates: of each draw, and of everybody in the pool."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from appeals.draw_states import DrawKind, DrawStatus
from appeals.models import Advocacy, Draw
from appeals.rules import advocates
from appeals.selectors.pool import pool

DRAWS: Final = 50


@dataclass(frozen=True, kw_only=True)
class OfAdvocate:
    """`running`: cases that they have; `given` and `barred` (kept from) in the draws shown, `levels`: how
    well they knew the taxes of those that they were given, level to cases;
    `left`: cases that they had and have no longer; `minutes` that they entered for all of them."""

    name: str
    in_pool: bool
    running: int
    most: int
    given: int
    barred: int
    levels: dict[int, int]
    left: int
    minutes: int

    @property
    def hours(self) -> int:
        return self.minutes // 60


@dataclass(frozen=True, kw_only=True)
class OfDraw:
    """A draw's own figures, as `appeals.rules.advocates.fairness` counts them."""

    id: int
    drawn_at: datetime
    advocates: int
    cases: int
    nobody: int
    best: int
    spread: int


@dataclass(frozen=True, kw_only=True)
class Report:
    at: datetime
    advocates: tuple[OfAdvocate, ...]
    draws: tuple[OfDraw, ...]

    @property
    def spread(self) -> int:
        """The most cases that anybody in the pool has less the fewest, among those who can have more."""
        loads = [one.running for one in self.advocates if one.in_pool and (one.running < one.most or one.given)]
        return max(loads) - min(loads) if loads else 0

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at, "spread": self.spread, "advocates": [asdict(one) for one in self.advocates],
                "draws": [asdict(one) for one in self.draws]}  # fmt: skip


def report(*, at: datetime) -> Report:
    """For whom keeps the pool."""
    rows = Draw.objects.filter(kind=DrawKind.ADVOCATES, status=DrawStatus.DRAWN).order_by("-pk")[:DRAWS]
    given: Counter[int] = Counter()
    barred: Counter[int] = Counter()
    levels: dict[int, Counter[int]] = {}
    draws = []
    for row in rows:
        found = advocates.fairness(advocates.told(row.facts, row.result or {}))
        draws.append(_of_draw(row, found))
        whose = _officers(row.pk)
        for line in found.lines:
            officer = whose[line.mark]
            given[officer] += line.given
            barred[officer] += line.barred
            levels.setdefault(officer, Counter()).update(line.levels)
    with connection.cursor() as cursor:
        cursor.execute("SELECT officer_id, minutes FROM appeals_hours()")
        minutes = {int(officer): int(sum_of) for officer, sum_of in cursor.fetchall()}
    left = Counter(Advocacy.objects.exclude(ended_at=None).values_list("advocate_id", flat=True))
    lines = [
        OfAdvocate(
            name=one.officer.name,
            in_pool=one.in_pool,
            running=one.running,
            most=one.most,
            given=given[one.officer.account_id],
            barred=barred[one.officer.account_id],
            levels=dict(sorted(levels.get(one.officer.account_id, Counter()).items())),
            left=left[one.officer.account_id],
            minutes=minutes.get(one.officer.account_id, 0),
        )
        for one in pool(at=at)
        if one.listed
    ]
    return Report(at=at, advocates=tuple(lines), draws=tuple(draws))


def _of_draw(row: Draw, found: advocates.Fairness) -> OfDraw:
    return OfDraw(
        id=row.pk,
        drawn_at=row.drawn_at or row.fixed_at,
        advocates=len(found.lines),
        cases=found.cases,
        nobody=found.nobody,
        best=found.best,
        spread=found.spread,
    )


def _officers(draw_id: int) -> dict[str, int]:
    """Mark to officer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark, officer_id FROM appeals_draw_officers(%s)", [draw_id])
        return dict(cursor.fetchall())
