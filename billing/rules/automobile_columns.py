"""Automobile tax of many vehicles at once: `billing.rules.automobile` column by column, in whole numbers.

A sum that is cut to 10 won is kept as numerator and denominator until then, as the scalar rules keep a fraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from billing.rules.assessed_columns import AssessedColumns, Columns, Won
from billing.rules.automobile import age_reduction
from billing.rules.automobile_roll import blamed_for_its_rate
from billing.rules.columns import Term
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.periods import Half
from billing.rules.prepayment import discount
from billing.rules.rounding import percent

Mask = NDArray[np.bool_]
Days = NDArray[np.datetime64]
ENDLESS: Final = np.iinfo(np.int64).max
UNIT: Final = 10  # won; article 59 of the Framework Act on Local Taxes
PACKED: Final = 31  # bits of the second of two sums that are looked up as one number
OPEN: Final = np.datetime64("9999-12-31")
PRIVATE_CAR: Final = ("passenger", "private")


@dataclass(frozen=True, kw_only=True)
class Vehicles:
    """The columns as numbers; `places` are the rows of each kind and use.

    A payer is taxed from `since` to `until`, both counted.
    """

    places: Mapping[tuple[str, str], Mask]
    cc: Won
    load: Won
    sizes: NDArray[np.str_]
    registered: Days
    since: Days
    until: Days

    def __len__(self) -> int:
        return len(self.cc)

    def ages(self, half: Half) -> Won:
        """Each vehicle's age in years (automobile.vehicle_age)."""
        years = self.registered.astype("datetime64[Y]").astype(np.int64) + 1970
        months = self.registered.astype("datetime64[M]").astype(np.int64) % 12 + 1
        ages: Won = half.year - years + 1 - ((months > 6) & (half.number == 1))
        return np.maximum(ages, 1)

    def days_in(self, half: Half) -> Won:
        """On how many days of a half the payer held each vehicle (automobile_held.Held.days_in)."""
        first, last = np.datetime64(half.first), np.datetime64(half.last)
        days: Won = (np.minimum(self.until, last) - np.maximum(self.since, first)).astype(np.int64) + 1
        return np.maximum(days, 0)


def assess_automobile(columns: Columns, *, term: Term, tables: DatedTables) -> AssessedColumns:
    """What each vehicle's bill of June or December, or for part of a half, asks (see automobile_bill.assess_half)."""
    vehicles = _vehicles(columns)
    try:
        car, whole, rated = _car_tax(vehicles, Half(term.year, term.number), tables)
        education = _education(vehicles, car, Half(term.year, term.number).first, tables)
        smallest = tables.at("automobile_minimum", Half(term.year, term.number).first).body["smallest_bill"]
    except NoTableForDate:
        car = education = np.zeros(len(vehicles), dtype=np.int64)
        whole = rated = np.zeros(len(vehicles), dtype=np.bool_)
        smallest = 0
    refused: dict[int, tuple[str, str]] = {}
    for place in np.flatnonzero(~rated).tolist():
        refused[place] = blamed_for_its_rate({"kind": columns["kind"][place]}), "no_rate"
    if term.number == 2:
        for place in np.flatnonzero(whole & rated).tolist():
            refused[place] = "half", "billed_in_june"
    amounts = {"automobile": car, "local_education": education}
    return AssessedColumns(amounts=amounts, collected=car >= smallest, refused=refused)


def _car_tax(vehicles: Vehicles, billed: Half, tables: DatedTables) -> tuple[Won, Mask, Mask]:
    """The car tax, whose year is billed whole in June, and for which rows there is a rate."""
    second, on = Half(billed.year, 2), billed.first
    yearly, rated = _yearly(vehicles, tables, on)
    # Of what June's bill asked, December's asks nothing again, also if the car was given away since.
    billed_in_june = vehicles if billed.number == 1 else replace(vehicles, until=np.full_like(vehicles.until, OPEN))
    whole = _whole_in_june(billed_in_june, billed.year, tables)
    car = _while_held(vehicles, yearly, billed, on, tables)
    if billed.number == 1 and whole.any():
        later = _while_held(vehicles, yearly, second, on, tables)
        try:
            car[whole] += later[whole] - _discount(car[whole], later[whole], billed.year, tables)
        except NoTableForDate:
            rated &= ~whole
    return car, whole, rated


def _while_held(vehicles: Vehicles, yearly: Won, half: Half, on: date, tables: DatedTables) -> Won:
    """A half's tax by age for the days since the car was registered, cut to 10 won (automobile_held.tax_while_held)."""
    kept, of = _kept_by_age(vehicles, half, on, tables)
    amount = yearly * kept  # of a whole year, over `of`
    tax = _cut(amount, np.int64(2 * of))
    days = vehicles.days_in(half)
    part = days != half.days
    if part.any():
        rule = tables.at("automobile_part_of_half", on).body
        by_half = _of(vehicles, [PRIVATE_CAR]) & (vehicles.ages(half) >= rule["by_half_from_age"])
        of_days = np.where(by_half, 2 * half.days, half.days_of_year)
        tax = np.where(part, _cut(amount * days, of * of_days), tax)
    return tax


def _discount(first: Won, second: Won, year: int, tables: DatedTables) -> Won:
    """The discount of each small year billed whole in June: few of them differ, so the rule itself is asked."""
    pairs, places = np.unique(first << PACKED | second, return_inverse=True)
    sums = [
        discount(year=year, month=6, first=pair >> PACKED, second=pair & (1 << PACKED) - 1, tables=tables)[0]
        for pair in pairs.tolist()
    ]
    less: Won = np.array(sums, dtype=np.int64)[places]
    return less


def _education(vehicles: Vehicles, car: Won, on: date, tables: DatedTables) -> Won:
    rule = tables.at("automobile_education", on).body
    share = percent(rule["percent"])
    owes = _of(vehicles, [(kind, rule["use"]) for kind in rule["kinds"]])
    return np.where(owes, _cut(car * share.numerator, np.int64(share.denominator)), 0)


def _vehicles(columns: Columns) -> Vehicles:
    pairs = list(zip(columns["kind"], columns["use"], strict=True))
    codes = {pair: code for code, pair in enumerate(sorted(set(pairs)))}
    of = np.fromiter((codes[pair] for pair in pairs), dtype=np.int16, count=len(pairs))
    registered = np.array(columns["first_registered"], dtype="datetime64[D]")
    return Vehicles(
        places={pair: of == code for pair, code in codes.items()},
        cc=_whole_numbers(columns["displacement_cc"]),
        load=_whole_numbers(columns["load_kg"]),
        sizes=np.array(columns.get("size") or [""] * len(pairs), dtype=np.str_),
        registered=registered,
        since=np.maximum(registered, _days(columns.get("held_from", ()), registered)),
        until=_until(columns, many=len(pairs)),
    )


def _days(texts: Sequence[str], others: Days) -> Days:
    """Days, of an empty cell the other's."""
    if not any(texts):
        return others
    given = np.array(texts) != ""
    return np.where(given, np.array([text or "1970-01-01" for text in texts], dtype="datetime64[D]"), others)


def _until(columns: Columns, *, many: int) -> Days:
    """The last day of each payer: open, or as automobile_part_roll.last_day says."""
    if "occasion_on" not in columns:
        return np.full(many, OPEN)
    on = np.array(columns["occasion_on"], dtype="datetime64[D]")
    until: Days = on - (np.array(columns["occasion"]) == "transfer").astype("timedelta64[D]")
    return until


def _whole_numbers(texts: Sequence[str]) -> Won:
    return np.fromiter((int(text) if text else 0 for text in texts), dtype=np.int64, count=len(texts))


def _yearly(vehicles: Vehicles, tables: DatedTables, on: date) -> tuple[Won, Mask]:
    """The whole year's tax before age, and for which rows the table holds a rate (article 127)."""
    yearly = np.zeros(len(vehicles), dtype=np.int64)
    rated = np.zeros(len(vehicles), dtype=np.bool_)
    for (kind, use), rows in vehicles.places.items():
        table = tables.at(f"automobile_{kind}", on).body
        rates = table.get(use)
        if kind == "passenger" and rates is not None:
            rate, known = _bracket(rates, "rate", vehicles.cc[rows])
            yearly[rows], rated[rows] = rate * vehicles.cc[rows], known
        elif kind == "truck" and rates is not None:
            yearly[rows] = _by_load(rates, vehicles.load[rows], table["beyond"])
            rated[rows] = True
        elif isinstance(rates, int):
            yearly[rows], rated[rows] = rates, True
        elif isinstance(rates, Mapping):
            for size, rate in rates.items():
                sized = rows & (vehicles.sizes == size)
                yearly[sized], rated[sized] = rate, True
    return yearly, rated


def _bracket(brackets: Sequence[Mapping[str, int]], value: str, sizes: Won) -> tuple[Won, Mask]:
    tops = np.array([bracket.get("up_to", ENDLESS) for bracket in brackets], dtype=np.int64)
    values = np.array([*(bracket[value] for bracket in brackets), 0], dtype=np.int64)
    place = np.searchsorted(tops, sizes, side="left")
    return values[place], place < len(tops)


def _by_load(brackets: Sequence[Mapping[str, int]], loads: Won, beyond: Mapping[str, int]) -> Won:
    last = brackets[-1]
    over = np.maximum(loads - last["up_to"], 0)
    sums, _ = _bracket(brackets, "sum", np.minimum(loads, last["up_to"]))
    more: Won = -(-over // beyond["step_kg"]) * last["each_beyond"]
    return sums + more


def _kept_by_age(vehicles: Vehicles, half: Half, on: date, tables: DatedTables) -> tuple[Won, int]:
    """What age leaves of the tax, as numerators over one denominator (decree article 122)."""
    rule: Mapping[str, Any] = tables.at("automobile_age", on).body
    shares = [1 - age_reduction(age=age, rule=rule) for age in range(rule["oldest"] + 1)]
    of = lcm(*(share.denominator for share in shares))
    numerators = np.array([int(share * of) for share in shares], dtype=np.int64)
    aged = _of(vehicles, [PRIVATE_CAR])
    return np.where(aged, numerators[np.minimum(vehicles.ages(half), rule["oldest"])], of), of


def _whole_in_june(vehicles: Vehicles, year: int, tables: DatedTables) -> Mask:
    """Whose year was, or is, billed whole in June (article 128 paragraph 4)."""
    first, second = Half(year, 1), Half(year, 2)
    yearly, _ = _yearly(vehicles, tables, first.first)
    (kept_1, of), (kept_2, _) = (_kept_by_age(vehicles, half, first.first, tables) for half in (first, second))
    most = tables.at("automobile_terms", first.first).body["whole_year_in_june_up_to"]
    small: Mask = yearly * (kept_1 + kept_2) <= most * 2 * of
    return small & (vehicles.days_in(first) > 0) & (vehicles.until >= np.datetime64(second.last))


def _of(vehicles: Vehicles, pairs: Sequence[tuple[str, str]]) -> Mask:
    rows = np.zeros(len(vehicles), dtype=np.bool_)
    for pair in pairs:
        if pair in vehicles.places:
            rows |= vehicles.places[pair]
    return rows


def _cut(numerator: Won, denominator: np.int64 | Won) -> Won:
    return numerator // (denominator * UNIT) * UNIT
