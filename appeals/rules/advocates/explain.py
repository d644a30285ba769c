"""Why this advocate and why not the others, case by case; and how evenly a draw fell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from appeals.rules.advocates.assign import Assignment, load_cost, misfit
from appeals.rules.advocates.bars import Bar
from appeals.rules.advocates.facts import Advocate, Brief


class Because(StrEnum):
    """Why somebody who may take a case was not chosen for it."""

    FULL = "full"  # they have as many cases as they can
    CLASH = "clash"  # in the same draw they were given a case that is heard at the same time
    EXPERTISE = "expertise"  # the chosen one knows the tax better, and that counted for more than loads
    LOAD = "load"  # they would have more cases than the chosen one
    LOT = "lot"  # as good in every respect: the drawn lot decided


@dataclass(frozen=True, kw_only=True)
class Why:
    """One advocate and one case. `level`: how well they know the tax (0 to 3); `cases`: how many they have after the
    draw; `dearer`: what the whole assignment would cost more with them, in the rules' weights."""

    mark: str
    chosen: bool
    reason: Bar | Because | None
    level: int
    cases: int
    dearer: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """An advocate in a draw's report: cases before and after, how many they were kept from, and how well they knew the
    taxes of those they were given (level to cases)."""

    mark: str
    before: int
    given: int
    after: int
    most: int
    barred: int
    levels: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """`spread`: the most cases that anybody has less the fewest, among those who may have one more or were given one;
    `nobody`: cases for which nobody was free; `best`: cases that got somebody who knows the tax as well as anybody does
    who may take them."""

    lines: tuple[Line, ...]
    cases: int
    nobody: int
    best: int
    spread: int


def explain(*, assignment: Assignment, case: str) -> list[Why]:
    """Everybody of the pool about one case: the chosen one first, then by mark. Raises KeyError."""
    chosen = assignment.chosen[case]
    brief = next(one for one in assignment.cases if one.mark == case)
    given = Counter(assignment.chosen.values())
    by_mark = {one.mark: one for one in assignment.pool}
    found = [_why(assignment, brief, one, by_mark.get(chosen or ""), given) for one in assignment.pool]
    return sorted(found, key=lambda why: (not why.chosen, why.mark))


def _why(
    assignment: Assignment, case: Brief, one: Advocate, chosen: Advocate | None, given: Mapping[str | None, int]
) -> Why:
    level, cases = one.knows.get(case.tax, 0), one.running + given[one.mark]
    bar = assignment.bars.get((case.mark, one.mark))
    if bar is not None or one is chosen:
        return Why(mark=one.mark, chosen=one is chosen, reason=bar, level=level, cases=cases)
    if cases >= one.most or chosen is None:
        return Why(mark=one.mark, chosen=False, reason=Because.FULL, level=level, cases=cases)
    if any(assignment.chosen.get(other) == one.mark for other in case.clashes):
        return Why(mark=one.mark, chosen=False, reason=Because.CLASH, level=level, cases=cases)
    rules = assignment.rules
    worse = misfit(case, one, rules) - misfit(case, chosen, rules)
    heavier = load_cost(one, given[one.mark] + 1, rules) - load_cost(chosen, given[chosen.mark], rules)
    reason = Because.EXPERTISE if worse >= heavier else Because.LOAD
    if worse + heavier == 0:
        reason = Because.LOT
    return Why(mark=one.mark, chosen=False, reason=reason, level=level, cases=cases, dearer=worse + heavier)


def fairness(assignment: Assignment) -> Fairness:
    """How evenly the cases fell."""
    lines = tuple(_line(assignment, one) for one in assignment.pool)
    fit = [line.after for line in lines if line.given or line.after < line.most]
    return Fairness(
        lines=lines,
        cases=len(assignment.cases),
        nobody=sum(1 for one in assignment.chosen.values() if one is None),
        best=sum(1 for case in assignment.cases if _best(assignment, case)),
        spread=max(fit) - min(fit) if fit else 0,
    )


def _line(assignment: Assignment, one: Advocate) -> Line:
    own = [case for case in assignment.cases if assignment.chosen[case.mark] == one.mark]
    return Line(
        mark=one.mark,
        before=one.running,
        given=len(own),
        after=one.running + len(own),
        most=one.most,
        barred=sum(1 for _, mark in assignment.bars if mark == one.mark),
        levels=dict(Counter(one.knows.get(case.tax, 0) for case in own)),
    )


def _best(assignment: Assignment, case: Brief) -> bool:
    levels = {
        one.mark: one.knows.get(case.tax, 0) for one in assignment.pool if (case.mark, one.mark) not in assignment.bars
    }
    chosen = assignment.chosen[case.mark]
    return chosen is not None and levels[chosen] == max(levels.values())
