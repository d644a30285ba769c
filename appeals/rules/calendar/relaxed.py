"""The linear relaxation of cases to days: a bound for every calendar, and the few cases that are hard to decide.

Each case may go to its first `WINDOW` days, or to "later" for what the first day after these costs. That, too, is a
relaxation, and keeps the problem small, since hardly anybody is heard later than that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from ortools.linear_solver.python import model_builder

from appeals.rules.calendar.facts import NoCalendar
from appeals.rules.calendar.to_days import Asked

WINDOW: Final = 6
# So many (case, day) are handed on to CP-SAT.
LOOKED_AT: Final = 4_000
# A share below this is none; a bound is lowered by as much, as the simplex method computes in floating point.
SMALL: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """`bound`: no calendar costs less; `worth`: the (case, day) that CP-SAT should look at, the cheapest first; the
    first `kept` of them are those that the relaxation uses, or nearly. `start`: a calendar to begin from."""

    bound: int
    kept: int
    start: Mapping[str, date]
    worth: tuple[tuple[str, date], ...]


def relax(asked: Asked, *, seconds: float) -> Relaxed:
    """Raises NoCalendar where the time was over first."""
    model = model_builder.Model()  # type: ignore[no-untyped-call]
    near = {key: list(islice(options, WINDOW)) for key, options in asked.options.items()}
    shares = {(key, day): model.new_num_var(0, 1, "") for key, days in near.items() for day in days}
    later = {key: model.new_num_var(0, 1, "") for key in near}
    for key, days in near.items():
        model.add(sum(shares[key, day] for day in days) + later[key] == 1)
    for limit in asked.binding(shares):
        model.add(sum(n * shares[key, limit.day] for key, n in limit.counts) <= limit.most)
    terms = [_later(asked, key) * part for key, part in later.items()]
    terms += [asked.options[key][day] * part for (key, day), part in shares.items()]
    for (_, day), keys in asked.groups(shares).items():
        heard = model.new_num_var(0, 1, "")
        terms.append(asked.weights.apart * heard)
        for key in keys:
            model.add(shares[key, day] <= heard)
    model.minimize(sum(terms))
    solver = model_builder.Solver("glop")
    solver.set_time_limit_in_seconds(seconds)
    if solver.solve(model) != model_builder.SolveStatus.OPTIMAL:
        raise NoCalendar
    least = solver.objective_value
    used = {one: part for one in shares if (part := solver.value(shares[one])) > SMALL}
    kept = set(_around(asked, used))
    # A reduced cost says what a place would add at least: what is cheap is worth a look.
    cheap = sorted((solver.reduced_cost(part), one) for one, part in shares.items() if one not in kept)
    worth = [*sorted(kept), *(one for _, one in cheap[: LOOKED_AT - len(kept)])]
    return Relaxed(
        bound=max(0, math.ceil(least * (1 - SMALL) - SMALL)),
        kept=len(kept),
        worth=tuple(worth),
        start=_rounded(asked, used),
    )


def _rounded(asked: Asked, used: Mapping[tuple[str, date], float]) -> dict[str, date]:
    """Each case on the day on which the relaxation has most of it, as long as there is room."""
    left: list[int] = []
    touched: dict[tuple[str, date], list[tuple[int, int]]] = defaultdict(list)
    for number, limit in enumerate(asked.binding(used)):
        left.append(limit.most)
        for key, count in limit.counts:
            touched[key, limit.day].append((number, count))
    found: dict[str, date] = {}
    for key, day in sorted(used, key=lambda one: (-used[one], one)):
        if key not in found and all(left[number] >= count for number, count in touched[key, day]):
            found[key] = day
            for number, count in touched[key, day]:
                left[number] -= count
    return found


def _around(asked: Asked, used: Iterable[tuple[str, date]]) -> Iterator[tuple[str, date]]:
    """Each case's day; of those that the relaxation puts on several, also the days before, between and after."""
    days: dict[str, list[date]] = defaultdict(list)
    for key, day in used:
        days[key].append(day)
    for key, own in days.items():
        options = list(asked.options[key])
        places = [options.index(day) for day in own]
        margin = 1 if len(own) > 1 else 0
        for day in options[max(0, min(places) - margin) : max(places) + margin + 1]:
            yield key, day


def _later(asked: Asked, key: str) -> int:
    """What a case costs at least when it is heard on none of its first days."""
    rest = list(asked.options[key].values())[WINDOW:]
    return min([*rest, asked.nowhere[key]])
