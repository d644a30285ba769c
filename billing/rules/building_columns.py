"""Property tax on many buildings, ships, aircraft or plots of land at once.

`billing.rules.building` and `billing.rules.land` column by column, in whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from billing.rules.assessed_columns import AssessedColumns, Columns, Won
from billing.rules.columns import Term
from billing.rules.dated import DatedTables
from billing.rules.property_columns import (
    Years,
    bills_of,
    fire_service,
    held_to_last_year,
    of_share,
    urban_part,
)
from billing.rules.property_parts import PROPERTY, RESOURCE, URBAN, assessment_day
from billing.rules.won_columns import Over, at_rate, either, one_share, percentages, progressive, whole_numbers

LAST_YEAR: Final = {PROPERTY: "last_year_main", URBAN: "last_year_urban", RESOURCE: "last_year_resource"}


def assess_buildings(columns: Columns, *, term: Term, tables: DatedTables) -> AssessedColumns:
    """July's bill for each building (building.assess_building)."""
    on = assessment_day(year=term.year)
    rates = tables.at("building_rates", on).body
    base = _base(columns["value"], ratio="building_ratio", tables=tables, on=on)
    urban = np.where(np.array(columns["urban_area"]) == "Y", base, 0)
    years = {
        PROPERTY: _by_name(base, columns["use"], rates),
        URBAN: urban_part(urban, tables=tables, on=on),
        RESOURCE: fire_service(base, risks=columns["fire_risk"], tables=tables, on=on),
    }
    shared = of_share(_capped(years, columns, tables, on), shares=percentages(columns["share_percent"]))
    return _refuse_others(bills_of(shared, tables=tables, on=on), columns, "use", rates)


def assess_vessels(columns: Columns, *, term: Term, tables: DatedTables) -> AssessedColumns:
    """July's bill for each ship or aircraft (building.assess_vessel)."""
    on = assessment_day(year=term.year)
    rates = tables.at("vessel_rates", on).body
    main = _by_name(whole_numbers(columns["value"]), columns["vessel_kind"], rates)
    years = of_share({PROPERTY: main}, shares=percentages(columns["share_percent"]))
    return _refuse_others(bills_of(years, tables=tables, on=on), columns, "vessel_kind", rates)


def assess_lands(columns: Columns, *, term: Term, tables: DatedTables) -> AssessedColumns:
    """September's bill for each owner's land (land.assess_land)."""
    on = assessment_day(year=term.year)
    rates = tables.at("land_rates", on).body
    base, urban = (_base(columns[name], ratio="land_ratio", tables=tables, on=on) for name in ("value", "urban_value"))
    years = {
        PROPERTY: _by_name(base, columns["land_kind"], rates),
        URBAN: urban_part(urban, tables=tables, on=on),
    }
    bills = bills_of(_capped(years, columns, tables, on), tables=tables, on=on)
    return _refuse_others(bills, columns, "land_kind", rates)


def _base(values: Sequence[str], *, ratio: str, tables: DatedTables, on: date) -> Won:
    return at_rate(whole_numbers(values), tables.at(ratio, on).body["percent"]).whole()


def _by_name(base: Won, names: Sequence[str], rates: Mapping[str, Any]) -> Over:
    """What each base owes by the rate, or the brackets, of its row's name; nothing where there are none."""
    column = np.array(names)
    found = Over(numerators=np.zeros(len(base), dtype=np.int64), denominator=1)
    for name in sorted(set(names) & set(rates)):
        rate = rates[name]
        owed = at_rate(base, rate) if isinstance(rate, str) else progressive(rate, base)
        found = either(column == name, owed, found)
    return found


def _capped(years: Years, columns: Columns, tables: DatedTables, on: date) -> Years:
    caps = one_share(tables.at("property_tax_cap", on).body["percent"])
    return {tax: held_to_last_year(year, last_year=columns[LAST_YEAR[tax]], caps=caps) for tax, year in years.items()}


def _refuse_others(bills: AssessedColumns, columns: Columns, name: str, rates: Mapping[str, Any]) -> AssessedColumns:
    """Refuse rows for which no rate was read."""
    unknown = set(columns[name]) - set(rates)
    refused = {place: (name, "no_rate") for place, cell in enumerate(columns[name]) if cell in unknown}
    return replace(bills, refused=refused) if refused else bills
