"""What an assignment is made from. It is hashed into the log before there is a seed, so it names nobody: marks only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

# More at once are drawn in parts; a draw must be repeatable on anybody's computer.
MOST_CASES: Final = 400
MOST_ADVOCATES: Final = 200
BEST: Final = 3


class BadFacts(ValueError):
    """Facts that no assignment is made from; the text names what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Advocate:
    """An official of the pool. `knows`: tax to 1, 2 or 3 (knows it best); `district` and `team`: where they work;
    `not_given`: districts of which they are given no case; `running`: cases that they have; `most`: how many they can
    have; `absent`: from day to day."""

    mark: str
    knows: Mapping[str, int]
    district: str
    team: str
    running: int
    most: int
    absent: tuple[tuple[date, date], ...] = ()
    not_given: frozenset[str] = frozenset()

    def away(self, begins: date, ends: date) -> bool:
        """Whether they are absent on any of these days."""
        return any(first <= ends and begins <= last for first, last in self.absent)


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A case that needs an advocate, as far as the choice goes. `district` and `team` levied the bill; `touched`: marks
    of those who ever touched it; `conflicts`: of those who said that they are not free; `refused`: of whom the
    petitioner asked to be spared. The advocate is needed from `begins` to `ends`. Where the hearing is set already,
    `elsewhere`: of whom can't be there then, and `clashes`: marks of cases that are heard in another room meanwhile; no
    time stands here, as the hearing list would tell by it which case it is."""

    mark: str
    tax: str
    district: str
    team: str
    begins: date
    ends: date
    touched: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    clashes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class AdvocateRules:
    """The city's weights: a case costs `misfit[level]` with somebody who knows its tax so well (0: not at all), and
    each case that an advocate has costs `load` for every one that they had before it."""

    misfit: tuple[int, int, int, int]
    load: int

    def __post_init__(self) -> None:
        if list(self.misfit) != sorted(self.misfit, reverse=True) or min(*self.misfit, self.load) < 0:
            raise BadFacts("who knows more must not cost more, and no weight is below zero")


def told_facts(*, cases: Iterable[Brief], pool: Iterable[Advocate], rules: AdvocateRules) -> dict[str, Any]:
    """The facts as they are published and hashed, in an order that says nothing. Raises `BadFacts`."""
    facts = {
        "cases": [_told_case(case) for case in sorted(cases, key=lambda case: case.mark)],
        "pool": [_told_advocate(one) for one in sorted(pool, key=lambda one: one.mark)],
        "rules": {"load": rules.load, "misfit": list(rules.misfit)},
    }
    read_facts(facts)
    return facts


def read_facts(facts: Mapping[str, Any]) -> tuple[list[Brief], list[Advocate], AdvocateRules]:
    """The facts as they were published. Raises `BadFacts`."""
    try:
        cases = [_read_case(raw) for raw in facts["cases"]]
        pool = [_read_advocate(raw) for raw in facts["pool"]]
        rules = AdvocateRules(misfit=tuple(facts["rules"]["misfit"]), load=int(facts["rules"]["load"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadFacts(f"{type(error).__name__}: {error}") from error
    if len(cases) > MOST_CASES or len(pool) > MOST_ADVOCATES:
        raise BadFacts(f"at most {MOST_CASES} cases and {MOST_ADVOCATES} advocates are drawn at once")
    for marks in ([case.mark for case in cases], [one.mark for one in pool]):
        if len(set(marks)) != len(marks) or "" in marks:
            raise BadFacts("a mark stands for one case, or one advocate")
    return cases, pool, rules


def _told_case(case: Brief) -> dict[str, Any]:
    return {
        "mark": case.mark,
        "tax": case.tax,
        "district": case.district,
        "team": case.team,
        "begins": case.begins.isoformat(),
        "ends": case.ends.isoformat(),
        "touched": sorted(case.touched),
        "conflicts": sorted(case.conflicts),
        "refused": sorted(case.refused),
        "elsewhere": sorted(case.elsewhere),
        "clashes": sorted(case.clashes),
    }


def _read_case(raw: Mapping[str, Any]) -> Brief:
    return Brief(
        mark=str(raw["mark"]),
        tax=str(raw["tax"]),
        district=str(raw["district"]),
        team=str(raw["team"]),
        begins=date.fromisoformat(raw["begins"]),
        ends=date.fromisoformat(raw["ends"]),
        touched=frozenset(raw["touched"]),
        conflicts=frozenset(raw["conflicts"]),
        refused=frozenset(raw["refused"]),
        # Facts that were fixed before hearings counted have neither.
        elsewhere=frozenset(raw.get("elsewhere", ())),
        clashes=frozenset(raw.get("clashes", ())),
    )


def _told_advocate(one: Advocate) -> dict[str, Any]:
    return {
        "mark": one.mark,
        "knows": dict(sorted(one.knows.items())),
        "district": one.district,
        "team": one.team,
        "running": one.running,
        "most": one.most,
        "absent": [[first.isoformat(), last.isoformat()] for first, last in sorted(one.absent)],
        "not_given": sorted(one.not_given),
    }


def _read_advocate(raw: Mapping[str, Any]) -> Advocate:
    knows = {str(tax): int(level) for tax, level in raw["knows"].items()}
    running, most = int(raw["running"]), int(raw["most"])
    if any(not 1 <= level <= BEST for level in knows.values()) or min(running, most) < 0 or max(running, most) > 1000:
        raise BadFacts(f"advocate {raw['mark']}: levels are 1 to {BEST}, loads 0 to 1000")
    absent = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in raw["absent"])
    return Advocate(
        mark=str(raw["mark"]),
        knows=knows,
        district=str(raw["district"]),
        team=str(raw["team"]),
        running=running,
        most=most,
        absent=absent,
        not_given=frozenset(raw["not_given"]),
    )
