"""Property tax on many houses at once: `billing.rules.housing` column by column, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import numpy as np

from billing.rules.assessed_columns import AssessedColumns, Columns, Won
from billing.rules.columns import Term
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.property_columns import (
    Years,
    bills_of,
    fire_service,
    held_to_last_year,
    of_share,
    optional,
    urban_part,
)
from billing.rules.property_parts import PROPERTY, RESOURCE, URBAN, assessment_day
from billing.rules.won_columns import (
    Mask,
    Over,
    at_rate,
    by_size,
    either,
    one_share,
    percentages,
    progressive,
    taken,
    whole_numbers,
)


@dataclass(frozen=True, kw_only=True)
class Houses:
    """The columns as numbers. `prior` is 0 where a house had no price the year before."""

    price: Won
    prior: Won
    one_house: Mask
    urban: Mask

    @classmethod
    def of(cls, columns: Columns) -> Self:
        return cls(
            price=whole_numbers(columns["official_price"]),
            prior=whole_numbers(columns["prior_year_price"]),
            one_house=np.array(columns["one_house"]) == "Y",
            urban=np.array(columns["urban_area"]) == "Y",
        )


def assess_housing(columns: Columns, *, term: Term, tables: DatedTables) -> AssessedColumns:
    """What the bill of July or September asks for each house (housing.assess_house)."""
    on = assessment_day(year=term.year)
    years = of_share(_years(columns, tables, on), shares=percentages(columns["share_percent"]))
    whole = years[PROPERTY].cut() <= tables.at("property_terms", on).body["whole_year_in_july_up_to"]
    bills = bills_of(years, halved=~whole, tables=tables, on=on)
    return replace(bills, refused=_billed_in_july(whole)) if term.number == 2 else bills


def _billed_in_july(whole: Mask) -> dict[int, tuple[str, str]]:
    return dict.fromkeys(np.flatnonzero(whole).tolist(), ("official_price", "billed_in_july"))


def _years(columns: Columns, tables: DatedTables, on: date) -> Years:
    """What whole houses owe for the year (housing.house_year)."""
    houses = Houses.of(columns)
    ratios = _ratios(houses, tables, on)
    base = _base(houses, ratios, tables, on)
    years = {
        PROPERTY: _main(houses, base, tables, on),
        URBAN: urban_part(np.where(houses.urban, base, 0), tables=tables, on=on),
    }
    for tax, name in ((PROPERTY, "last_year_main"), (URBAN, "last_year_urban")):
        last_year = optional(columns, name, like="official_price")
        if any(last_year):
            caps = by_size(tables.at("housing_tax_cap", on).body["brackets"], houses.price)
            years[tax] = held_to_last_year(years[tax], last_year=last_year, caps=caps)
    building = whole_numbers(optional(columns, "building_value", like="official_price"))
    if building.any():
        years[RESOURCE] = fire_service(taken(building, ratios).whole(), tables=tables, on=on)
    return years


def _base(houses: Houses, ratios: Over, tables: DatedTables, on: date) -> Won:
    """The tax base in whole won (housing.base_of)."""
    base = taken(houses.price, ratios).whole()
    try:
        rise = tables.at("housing_base_cap", on).body["percent"]
    except NoTableForDate:  # before 2024 the base had no cap
        return base
    most = taken(houses.prior, ratios).plus(at_rate(base, rise)).whole()
    return np.where(houses.prior > 0, np.minimum(base, most), base)


def _ratios(houses: Houses, tables: DatedTables, on: date) -> Over:
    """Each house's fair-market ratio (housing.ratio_of)."""
    ratios = tables.at("housing_ratio", on).body
    ordinary = one_share(ratios["percent"])
    if "one_house" not in ratios:
        return ordinary
    return either(houses.one_house, by_size(ratios["one_house"], houses.price), ordinary)


def _main(houses: Houses, base: Won, tables: DatedTables, on: date) -> Over:
    """The main part of a year on the whole house (housing.main_part)."""
    rates = tables.at("housing_rates", on).body
    ordinary = progressive(rates["brackets"], base)
    special = rates.get("one_house")
    if not special:
        return ordinary
    own = houses.one_house & (houses.price <= special["price_up_to"])
    return either(own, progressive(special["brackets"], base), ordinary)
