"""What every kind of property tax shares, for many rows at once: `billing.rules.property_parts` column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from billing.rules.assessed_columns import AssessedColumns, Columns, Won
from billing.rules.dated import DatedTables
from billing.rules.property_parts import EDUCATION, PROPERTY, RESOURCE, URBAN
from billing.rules.won_columns import Mask, Over, at_rate, progressive, whole_numbers

# A year's sums, not yet cut, by the code of their line, in the order of a bill's lines.
Years = Mapping[str, Over]


def urban_part(base: Won, *, tables: DatedTables, on: date) -> Over:
    """The urban-area part of a year; a base of 0 owes none."""
    return at_rate(base, tables.at("property_urban", on).body["percent"])


def fire_service(base: Won, *, risks: Sequence[str] | None = None, tables: DatedTables, on: date) -> Over:
    """The fire-service part of a year (fire_service.fire_service); without `risks` all are ordinary."""
    body = tables.at("fire_service", on).body
    year = progressive(body["brackets"], base)
    if risks is None:
        return year
    times = np.array([body["times"][risk] for risk in risks], dtype=np.int64)
    return year.times(Over(numerators=times, denominator=1))


def held_to_last_year(year: Over, *, last_year: Sequence[str], caps: Over) -> Over:
    """Each sum at most so much of last year's, where a row names last year's."""
    named = np.array(last_year) != ""
    if not named.any():
        return year
    before = Over(numerators=whole_numbers(last_year), denominator=1)
    return year.at_most(before.times(caps), where=named)


def of_share(years: Years, *, shares: Over) -> Years:
    """One owner's part of each sum."""
    return {tax: year.times(shares) for tax, year in years.items()}


def bills_of(years: Years, *, halved: Mask | None = None, tables: DatedTables, on: date) -> AssessedColumns:
    """The bills for the year, or for its half in the rows of `halved` (property_parts.bill_of)."""
    amounts = {tax: year.cut() for tax, year in years.items()}
    if halved is not None and halved.any():
        amounts = {tax: np.where(halved, year.cut(parts=2), amounts[tax]) for tax, year in years.items()}
    rate = tables.at("property_education", on).body["percent"]
    amounts[EDUCATION] = at_rate(amounts[PROPERTY], rate).cut()
    taxed = amounts[PROPERTY] + amounts.get(URBAN, 0) >= tables.at("property_minimum", on).body["smallest_bill"]
    kept = dict.fromkeys((PROPERTY, URBAN, EDUCATION), taxed)
    if RESOURCE in amounts:
        kept[RESOURCE] = amounts[RESOURCE] >= tables.at("resource_minimum", on).body["smallest_bill"]
    return AssessedColumns(
        amounts={tax: np.where(kept[tax], won, 0) for tax, won in amounts.items()},
        collected=taxed | kept.get(RESOURCE, taxed),
        refused={},
    )


def optional(columns: Columns, name: str, *, like: str) -> Sequence[str]:
    """A column that not every kind of roll has; empty cells where it is missing."""
    return columns.get(name) or [""] * len(columns[like])
