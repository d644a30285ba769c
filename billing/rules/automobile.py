"""Rates of automobile tax on ownership (자동차세 소유분) and its education tax: Local Tax Act, articles 124-128, 151.

What a bill asks stands in billing.rules.automobile_bill, what a year paid early costs in billing.rules.prepayment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.periods import Half
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value

KINDS = ("passenger", "passenger_electric", "van", "truck", "special", "small")
USES = ("private", "business")
# What a bus or van (승합: 고속버스, 대형·소형전세버스, 대형·소형일반버스) and a special vehicle (대형·소형특수) may be:
# article 127 paragraph 1 nos. 4 and 6.
SIZED = ("van", "special")
SIZES = ("express", "large_charter", "small_charter", "large", "small")


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """`use`: private 비영업용 or business 영업용. `size` names the class of a van or a special vehicle."""

    kind: str
    use: str
    first_registered: date
    displacement_cc: int | None = None
    load_kg: int | None = None
    size: str | None = None


def vehicle_age(*, first_registered: date, year: int, half: int) -> int:
    """Age of a car in years (차령, decree article 122).

    Registered January-June it grows in the first half of a year, else in the second.

    >>> vehicle_age(first_registered=date(2020, 9, 1), year=2026, half=1)
    6
    >>> vehicle_age(first_registered=date(2020, 9, 1), year=2026, half=2)
    7
    """
    age = year - first_registered.year + 1
    if first_registered.month > 6 and half == 1:
        age -= 1
    return max(age, 1)


def yearly_tax(*, vehicle: Vehicle, tables: DatedTables, on: date) -> tuple[int, Step]:
    """The whole year's tax before age, in won, by the table in force on `on` (article 127). Raises RateNotSourced."""
    table = tables.at(f"automobile_{vehicle.kind}", on) if vehicle.kind in KINDS else None
    rates = table.body.get(vehicle.use) if table else None
    if table is None or rates is None:
        raise RateNotSourced(f"no rate for {vehicle.use} {vehicle.kind}")
    values: dict[str, Value] = {"kind": vehicle.kind, "use": vehicle.use}
    if vehicle.kind == "passenger":
        cc = _needed(vehicle.displacement_cc, "displacement_cc")
        rate = _bracket(rates, cc)["rate"]
        amount, code = cc * rate, "yearly_by_displacement"
        values |= {"cc": cc, "rate": rate}
    elif vehicle.kind == "truck":
        load = _needed(vehicle.load_kg, "load_kg")
        amount, code = _by_load(rates, load, table.body["beyond"]), "yearly_by_load"
        values |= {"load_kg": load}
    else:
        amount, code = _fixed(rates, vehicle), "yearly_fixed"
        if vehicle.kind in SIZED:
            code, values = "yearly_by_size", values | {"size": str(vehicle.size)}
    return amount, Step(code=code, article=table.article, amount=amount, values=values)


def half_tax(
    *, vehicle: Vehicle, year: int, half: int, tables: DatedTables, on: date
) -> tuple[Fraction, tuple[Step, ...]]:
    """A half's tax by age (기분세액), in won, not yet cut (articles 127 paragraph 1 no. 2 and 128 paragraph 1)."""
    yearly, first = yearly_tax(vehicle=vehicle, tables=tables, on=on)
    amount = Fraction(yearly, 2)
    if vehicle.kind != "passenger" or vehicle.use != "private":
        return amount, (first,)
    age = vehicle_age(first_registered=vehicle.first_registered, year=year, half=half)
    rule = tables.at("automobile_age", on)
    share = age_reduction(age=age, rule=rule.body)
    if not share:
        return amount, (first,)
    amount *= 1 - share
    values: dict[str, Value] = {"age": age, "percent": str(share * 100)}
    return amount, (first, Step(code="reduced_by_age", article=rule.article, amount=int(amount), values=values))


def age_reduction(*, age: int, rule: Mapping[str, Any]) -> Fraction:
    """Share by which age lowers the tax: 5% a year from the third, at most as for the twelfth.

    >>> age_reduction(age=10, rule={"from_age": 3, "free_years": 2, "percent_a_year": "5", "oldest": 12})
    Fraction(2, 5)
    """
    if age < rule["from_age"]:
        return Fraction(0)
    years: int = min(age, rule["oldest"]) - rule["free_years"]
    return percent(rule["percent_a_year"]) * years


def education_tax(*, vehicle: Vehicle, car: int, tables: DatedTables, on: date) -> tuple[int, tuple[Step, ...]]:
    """Local education tax on the car tax payable, cut to 10 won (article 151): private passenger cars only."""
    table = tables.at("automobile_education", on)
    if vehicle.use != table.body["use"] or vehicle.kind not in table.body["kinds"]:
        return 0, ()
    amount = cut(car * percent(table.body["percent"]))
    values = {"percent": table.body["percent"], "base": car}
    return amount, (Step(code="education", article=table.article, amount=amount, values=values),)


def regular_dates(*, year: int, half: int, tables: DatedTables) -> tuple[date, date]:
    """The day the liability for a half arises, and the day until which its regular bill may be paid (article 128)."""
    term = tables.at("automobile_terms", Half(year, half).first).body["halves"][str(half)]
    return date.fromisoformat(f"{year}-{term['liability']}"), date.fromisoformat(f"{year}-{term['due']}")


def _by_load(brackets: list[dict[str, int]], load: int, beyond: Mapping[str, int]) -> int:
    """The bracket's sum; above the last bracket, that one's and an addition for each further step begun (no. 5)."""
    over = load - brackets[-1]["up_to"]
    if over <= 0:
        return _bracket(brackets, load)["sum"]
    return brackets[-1]["sum"] - (-over // beyond["step_kg"]) * brackets[-1]["each_beyond"]


def _bracket(brackets: list[dict[str, int]], size: int) -> dict[str, int]:
    for bracket in brackets:
        if size <= bracket.get("up_to", size):
            return bracket
    raise RateNotSourced(f"no rate above {brackets[-1]['up_to']}")


def _fixed(rates: int | Mapping[str, int], vehicle: Vehicle) -> int:
    if isinstance(rates, int):
        return rates
    if vehicle.size is None or vehicle.size not in rates:
        raise RateNotSourced(f"no rate for {vehicle.use} {vehicle.kind} of size {vehicle.size!r}")
    return rates[vehicle.size]


def _needed(value: int | None, name: str) -> int:
    if value is None or value <= 0:
        raise ValueError(f"{name} is needed")
    return value
