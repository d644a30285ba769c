"""Rolls of property tax: what each cell must be, and the facts that a bill keeps of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from billing.rules import housing
from billing.rules.dated import DatedTables
from billing.rules.kinds import NUMBER, Cells, Column, Expected, Facts, Kind, RowRefused, Term, one_of
from billing.rules.property_parts import assessment_day, is_billed_whole_in_july, regular_dates

# Nineteen digits of the parcel and building at most; co-owners of one house bear a mark after it.
PROPERTY_ID: Final = re.compile(r"\d{10,19}(-\d{1,3})?", re.ASCII)
SHARE: Final = re.compile(r"\d{1,3}(\.\d{1,4})?", re.ASCII)
YES_OR_NO: Final = one_of("Y", "N")
AMOUNTS: Final = ("official_price", "prior_year_price")


def terms_of_july_and_september(year: int, tables: DatedTables) -> tuple[Term, ...]:
    dates = {half: regular_dates(year=year, half=half, tables=tables) for half in (1, 2)}
    return tuple(
        Term(year=year, number=half, liability_on=liability, nominal_due_on=due)
        for half, (liability, due) in dates.items()
    )


def share_is_possible(value: str, cells: Cells, expected: Expected) -> str | None:
    """A percentage above 0 and of at most 100."""
    return None if 0 < Fraction(value) <= 100 else "share"


def _read_house(cells: Cells, term: Term) -> Facts:
    facts: Facts = {name: cells[name] for name in ("property_id", "address", "one_house", "urban_area")}
    facts |= {name: int(cells[name]) for name in AMOUNTS if cells[name]}
    return facts | {"share_percent": cells["share_percent"], "year": term.year, "half": term.number}


def _not_billed_in_july(facts: Mapping[str, Any], *, term: Term, tables: DatedTables) -> None:
    """Whether July's bill already asked for the whole year (article 115)."""
    if term.number == 1:
        return
    on = assessment_day(year=term.year)
    year = housing.house_year(house=housing.house_of(facts), tables=tables, on=on)
    if is_billed_whole_in_july(year, tables=tables, on=on):
        raise RowRefused(column="official_price", code="billed_in_july")


HOUSING: Final = Kind(
    name="housing",
    tax="property",
    own_columns=(
        Column(name="property_id", most=23, pattern=PROPERTY_ID),
        Column(name="address", most=200),
        Column(name="official_price", most=14, pattern=NUMBER),
        Column(name="prior_year_price", most=14, pattern=NUMBER, required=False),
        Column(name="one_house", most=1, check=YES_OR_NO),
        Column(name="urban_area", most=1, check=YES_OR_NO),
        Column(name="share_percent", most=8, pattern=SHARE, check=share_is_possible),
    ),
    object_column="property_id",
    terms=terms_of_july_and_september,
    read=_read_house,
    assess_facts=housing.assess_facts,
    rate_column=lambda cells: "official_price",
    check_facts=_not_billed_in_july,
)
