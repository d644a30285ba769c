"""The city pack's `mileage.yaml`: what points are earned for, how long they live, what they can be used for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from mileage.rules.accrual import Rule, RuleKind


class BadMileagePack(ValueError):
    """The pack contradicts itself; the text names where."""


@dataclass(frozen=True)
class WayRule:
    """What the city asks of a use: at least so many points, in steps of so many."""

    least: int
    step: int


@dataclass(frozen=True)
class Partner:
    """Who is paid for points, and to which account: a card company, a seller of vouchers, a charity."""

    code: str
    name_ko: str
    name_en: str
    bank: str
    account: str
    holder: str


@dataclass(frozen=True)
class Grade:
    """A grade (등급) by bills paid well within a year. `cash_least` is its benefit that this app grants itself."""

    code: str
    name_ko: str
    name_en: str
    from_bills: int
    cash_least: int
    benefits_ko: str
    benefits_en: str


@dataclass(frozen=True)
class Selection:
    """Who is a candidate for model taxpayer (모범납세자): so many taxes in each of so many years, and all of them in
    time for `clean_years`."""

    source: str
    valid_from: date
    years: int
    each_year: int
    clean_years: int
    benefits_ko: str
    benefits_en: str
    valid_to: date | None = None


@dataclass(frozen=True)
class MileagePack:
    """`lives_years`: how long points live. `notice_days` before they expire their holder is told; what comes back from
    a use after that lives `return_days` more. `electronic`: channels that count as electronic."""

    lives_years: int
    notice_days: int
    return_days: int
    electronic: frozenset[str]
    rules: tuple[Rule, ...]
    ways: Mapping[str, WayRule]
    partners: Mapping[str, tuple[Partner, ...]]
    grades: tuple[Grade, ...]
    selections: tuple[Selection, ...] = ()

    def selection(self, on: date) -> Selection | None:
        """The rule by which model taxpayers are selected on a day."""
        held = [one for one in self.selections if one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)]
        return held[0] if held else None

    def last_day(self, earned_on: date) -> date:
        """The last day of points earned on a day: the same day so many years later (Civil Act, article 160)."""
        return _in_year(earned_on, earned_on.year + self.lives_years)

    def grade(self, bills: int) -> Grade:
        return max((one for one in self.grades if bills >= one.from_bills), key=lambda one: one.from_bills)

    def running(self, on: date) -> list[Rule]:
        return [rule for rule in self.rules if rule.runs_on(on)]

    def ended(self, on: date) -> list[Rule]:
        """Rules that run no more, and none of their name in their place; the last to end first."""
        names = {rule.name for rule in self.rules if rule.valid_to is None or rule.valid_to >= on}
        over = {
            rule.name: rule for rule in sorted(self.rules, key=lambda one: one.valid_from) if rule.name not in names
        }
        return sorted(over.values(), key=lambda one: one.valid_to or on, reverse=True)


def a_year_before(on: date) -> date:
    """Twelve months that end with `on` begin the day after this one.

    >>> a_year_before(date(2028, 2, 29)), a_year_before(date(2029, 2, 28))
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 28))
    """
    return _in_year(on, on.year - 1)


def _in_year(day: date, year: int) -> date:
    """The same day of another year; of the 29th of February the last of that month (Civil Act, article 160)."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def pack() -> MileagePack:
    """The city's."""
    return _read(settings.CITY_PACK / "mileage.yaml")


@lru_cache(maxsize=8)
def _read(path: Path) -> MileagePack:
    return read_pack(yaml.safe_load(path.read_text(encoding="utf-8"))["mileage"])


def read_pack(told: Mapping[str, Any]) -> MileagePack:
    """Raises `BadMileagePack` where a rule names no source, or two of a name run at once."""
    rules = tuple(_rule(raw) for raw in told["accrual"])
    for rule in rules:
        if not rule.source.strip():
            raise BadMileagePack(f"rule {rule.name!r} names no source")
        twins = [one for one in rules if one is not rule and one.name == rule.name and one.runs_on(rule.valid_from)]
        if twins:
            raise BadMileagePack(f"two rules {rule.name!r} run on {rule.valid_from.isoformat()}")
    grades = tuple(Grade(**raw) for raw in told["grades"])
    if min((grade.from_bills for grade in grades), default=1) != 0:
        raise BadMileagePack("no grade begins with nothing")
    return MileagePack(
        lives_years=int(told["lives_years"]),
        notice_days=int(told["notice_days"]),
        return_days=int(told["return_days"]),
        electronic=frozenset(told["electronic"]),
        rules=rules,
        ways={way: WayRule(**raw) for way, raw in told["ways"].items()},
        partners={way: tuple(Partner(**raw) for raw in listed) for way, listed in told["partners"].items()},
        grades=grades,
        selections=tuple(Selection(**raw) for raw in told.get("selection", ())),
    )


def _rule(raw: Mapping[str, Any]) -> Rule:
    tiers = tuple((int(start), int(points)) for start, points in raw.get("tiers", ()))
    return Rule(**{**raw, "kind": RuleKind(raw["kind"]), "tiers": tiers})
