"""Property tax on many houses at once: `billing.rules.housing` column by column, in whole numbers.

A sum is kept as a numerator over one denominator until it is cut to 10 won, as the scalar rules keep a fraction. Where
a numerator could leave 64 bits, Python's own numbers take the place of numpy's: slower, and just as exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from billing.rules.assessed_columns import AssessedColumns, Columns, Won
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.kinds import Term
from billing.rules.property_parts import EDUCATION, PROPERTY, URBAN, assessment_day
from billing.rules.rounding import percent

Mask = NDArray[np.bool_]
Numbers = NDArray[Any]
ENDLESS: Final = np.iinfo(np.int64).max
SAFE: Final = 2**62
UNIT: Final = 10  # won; article 59 of the Framework Act on Local Taxes


@dataclass(frozen=True, kw_only=True)
class Over:
    """Sums as numerators over one denominator."""

    numerators: Numbers
    denominator: int

    def cut(self, *, parts: int = 1) -> Won:
        """One of so many equal parts, cut to 10 won."""
        won: Won = (self.numerators // (self.denominator * parts * UNIT) * UNIT).astype(np.int64)
        return won

    def times(self, shares: Over) -> Over:
        """Each sum times its share."""
        numerators = self.numerators
        if int(numerators.max(initial=0)) * int(shares.numerators.max(initial=0)) > SAFE:
            numerators = numerators.astype(object)
        return Over(numerators=numerators * shares.numerators, denominator=self.denominator * shares.denominator)


@dataclass(frozen=True, kw_only=True)
class Houses:
    """The columns as numbers. `prior` is 0 where a house had no price the year before."""

    price: Won
    prior: Won
    one_house: Mask
    urban: Mask
    share: Over


def assess_housing(columns: Columns, *, term: Term, tables: DatedTables) -> AssessedColumns:
    """What the bill of July or September asks for each house (see housing.assess_house)."""
    houses, on = _houses(columns), assessment_day(year=term.year)
    try:
        base = _base(houses, tables, on)
        main = _main(houses, base, tables, on).times(houses.share)
        urban = _flat(np.where(houses.urban, base, 0), tables.at("property_urban", on).body).times(houses.share)
        terms, smallest = (tables.at(f"property_{name}", on).body for name in ("terms", "minimum"))
        education_rate = tables.at("property_education", on).body
    except NoTableForDate:
        nothing = np.zeros(len(houses.price), dtype=np.int64)
        refused = dict.fromkeys(range(len(nothing)), ("official_price", "no_rate"))
        return AssessedColumns(amounts={PROPERTY: nothing}, collected=nothing > 0, refused=refused)
    whole = main.cut() <= terms["whole_year_in_july_up_to"]
    amounts = {tax: np.where(whole, year.cut(), year.cut(parts=2)) for tax, year in ((PROPERTY, main), (URBAN, urban))}
    amounts[EDUCATION] = _flat(amounts[PROPERTY], education_rate).cut()
    collected = amounts[PROPERTY] + amounts[URBAN] >= smallest["smallest_bill"]
    return AssessedColumns(
        amounts={tax: np.where(collected, won, 0) for tax, won in amounts.items()},
        collected=collected,
        refused=_billed_in_july(whole) if term.number == 2 else {},
    )


def _billed_in_july(whole: Mask) -> dict[int, tuple[str, str]]:
    return dict.fromkeys(np.flatnonzero(whole).tolist(), ("official_price", "billed_in_july"))


def _base(houses: Houses, tables: DatedTables, on: date) -> Won:
    """The tax base in whole won (housing.base_of)."""
    ratios = _ratios(houses, tables, on)
    base = houses.price * ratios.numerators // ratios.denominator
    try:
        cap = percent(tables.at("housing_base_cap", on).body["percent"])
    except NoTableForDate:  # before 2024 the base had no cap
        return base
    of = lcm(ratios.denominator, cap.denominator)
    most = (
        houses.prior * (ratios.numerators * (of // ratios.denominator))
        + base * (cap.numerator * (of // cap.denominator))
    ) // of
    return np.where(houses.prior > 0, np.minimum(base, most), base)


def _ratios(houses: Houses, tables: DatedTables, on: date) -> Over:
    """Each house's fair-market ratio (housing.ratio_of)."""
    ratios = tables.at("housing_ratio", on).body
    brackets: Sequence[Mapping[str, Any]] = ratios.get("one_house", ())
    shares = [percent(ratios["percent"]), *(percent(bracket["percent"]) for bracket in brackets)]
    numerators, of = _over_one(shares)
    place = np.zeros(len(houses.price), dtype=np.int64)
    if brackets:
        place = np.where(houses.one_house, _place(brackets, houses.price) + 1, 0)
    return Over(numerators=numerators[place], denominator=of)


def _main(houses: Houses, base: Won, tables: DatedTables, on: date) -> Over:
    """The main part of a year on the whole house (housing.main_part)."""
    rates = tables.at("housing_rates", on).body
    special = rates.get("one_house")
    both = [rates["brackets"], *([special["brackets"]] if special else [])]
    _, of = _over_one([percent(bracket["percent"]) for brackets in both for bracket in brackets])
    numerators = [_progressive(brackets, base, of) for brackets in both]
    if not special:
        return Over(numerators=numerators[0], denominator=of)
    own = houses.one_house & (houses.price <= special["price_up_to"])
    return Over(numerators=np.where(own, numerators[1], numerators[0]), denominator=of)


def _progressive(brackets: Sequence[Mapping[str, Any]], base: Won, of: int) -> Won:
    """What each base owes (brackets.progressive), as numerators over `of`."""
    place = _place(brackets, base)
    begins = np.array([0, *(bracket["up_to"] for bracket in brackets[:-1])], dtype=np.int64)
    plus = np.array([bracket["plus"] for bracket in brackets], dtype=np.int64)
    rate = np.array([int(percent(bracket["percent"]) * of) for bracket in brackets], dtype=np.int64)
    numerators: Won = plus[place] * of + (base - begins[place]) * rate[place]
    return numerators


def _flat(base: Won, body: Mapping[str, Any]) -> Over:
    rate = percent(body["percent"])
    return Over(numerators=base * rate.numerator, denominator=rate.denominator)


def _place(brackets: Sequence[Mapping[str, Any]], sizes: Won) -> NDArray[np.int64]:
    """The bracket that each size falls into; its upper end belongs to it."""
    tops = np.array([bracket.get("up_to", ENDLESS) for bracket in brackets], dtype=np.int64)
    return np.searchsorted(tops, sizes, side="left")


def _houses(columns: Columns) -> Houses:
    different = {text: percent(text) for text in set(columns["share_percent"])}
    of = lcm(*(share.denominator for share in different.values()))
    shares = {text: int(share * of) for text, share in different.items()}
    return Houses(
        price=_whole_numbers(columns["official_price"]),
        prior=_whole_numbers(columns["prior_year_price"]),
        one_house=np.array(columns["one_house"]) == "Y",
        urban=np.array(columns["urban_area"]) == "Y",
        share=Over(
            numerators=np.array([shares[text] for text in columns["share_percent"]], dtype=np.int64), denominator=of
        ),
    )


def _whole_numbers(texts: Sequence[str]) -> Won:
    return np.fromiter((int(text) if text else 0 for text in texts), dtype=np.int64, count=len(texts))


def _over_one(shares: Sequence[Fraction]) -> tuple[Won, int]:
    """Fractions as numerators over their common denominator."""
    of = lcm(*(share.denominator for share in shares))
    return np.array([int(share * of) for share in shares], dtype=np.int64), of
