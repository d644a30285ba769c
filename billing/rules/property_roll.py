"""Rolls of property tax: what each cell must be, and the facts that a bill keeps of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from billing.rules import housing
from billing.rules.building import VESSELS, assess_building_facts, assess_vessel_facts
from billing.rules.columns import NUMBER, Cells, Column, Expected, Term, one_of
from billing.rules.dated import DatedTables
from billing.rules.fire_service import RISKS
from billing.rules.kinds import Facts, Kind, RowRefused
from billing.rules.land import ADDED_UP, BY_PIECE, assess_land_facts
from billing.rules.property_parts import assessment_day, is_billed_whole_in_july, regular_dates

JULY, SEPTEMBER = 1, 2
# Nineteen digits of the parcel and building at most; co-owners of one house bear a mark after it.
PROPERTY_ID: Final = re.compile(r"\d{10,19}(-\d{1,3})?", re.ASCII)
LEDGER_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*", re.ASCII)
SHARE: Final = re.compile(r"\d{1,3}(\.\d{1,4})?", re.ASCII)
WON: Final = re.compile(r"0|[1-9]\d*", re.ASCII)
YES_OR_NO: Final = one_of("Y", "N")
USES: Final = ("general", "factory", "new_factory", "golf_or_luxury")
LAST_YEAR: Final = ("last_year_main", "last_year_urban", "last_year_resource")


def terms_of_july_and_september(year: int, tables: DatedTables) -> tuple[Term, ...]:
    """Both terms of a year, as houses are billed."""
    dates = {half: regular_dates(year=year, half=half, tables=tables) for half in (JULY, SEPTEMBER)}
    return tuple(
        Term(year=year, number=half, liability_on=liability, nominal_due_on=due)
        for half, (liability, due) in dates.items()
    )


def term_of_july(year: int, tables: DatedTables) -> tuple[Term, ...]:
    """Buildings, ships and aircraft."""
    return terms_of_july_and_september(year, tables)[:1]


def term_of_september(year: int, tables: DatedTables) -> tuple[Term, ...]:
    """Land."""
    return terms_of_july_and_september(year, tables)[1:]


def share_is_possible(value: str, cells: Cells, expected: Expected) -> str | None:
    """A percentage above 0 and of at most 100."""
    return None if 0 < Fraction(value) <= 100 else "share"


def facts_of(cells: Cells, term: Term, *, texts: Iterable[str], numbers: Iterable[str]) -> Facts:
    """Cells as a bill keeps them: texts as they are, numbers where they aren't empty, and the term."""
    facts: Facts = {name: cells[name] for name in texts}
    facts |= {name: int(cells[name]) for name in numbers if cells[name]}
    return facts | {"year": term.year, "half": term.number}


def _read_house(cells: Cells, term: Term) -> Facts:
    texts = ("property_id", "address", "one_house", "urban_area", "share_percent")
    return facts_of(cells, term, texts=texts, numbers=("official_price", "prior_year_price"))


def _read_house_whole(cells: Cells, term: Term) -> Facts:
    numbers = ("building_value", *LAST_YEAR[:2])
    return _read_house(cells, term) | facts_of(cells, term, texts=(), numbers=numbers)


def _read_building(cells: Cells, term: Term) -> Facts:
    texts = ("property_id", "address", "use", "fire_risk", "urban_area", "share_percent")
    return facts_of(cells, term, texts=texts, numbers=("value", *LAST_YEAR))


def _read_land(cells: Cells, term: Term) -> Facts:
    return facts_of(cells, term, texts=("land_ref", "land_kind"), numbers=("value", "urban_value", *LAST_YEAR[:2]))


def _read_vessel(cells: Cells, term: Term) -> Facts:
    return facts_of(cells, term, texts=("vessel_id", "vessel_kind", "share_percent"), numbers=("value",))


def _not_more_than_the_value(value: str, cells: Cells, expected: Expected) -> str | None:
    whole = cells["value"]
    return "urban_value" if WON.fullmatch(whole) and int(value) > int(whole) else None


def _not_billed_in_july(facts: Mapping[str, Any], *, term: Term, tables: DatedTables) -> None:
    """Whether July's bill already asked for the whole year (article 115)."""
    if term.number == 1:
        return
    on = assessment_day(year=term.year)
    year = housing.house_year(house=housing.house_of(facts), tables=tables, on=on)
    if is_billed_whole_in_july(year, tables=tables, on=on):
        raise RowRefused(column="official_price", code="billed_in_july")


SHARE_COLUMN: Final = Column(name="share_percent", most=8, pattern=SHARE, check=share_is_possible)
VALUE_COLUMN: Final = Column(name="value", most=15, pattern=NUMBER)
URBAN_COLUMN: Final = Column(name="urban_area", most=1, check=YES_OR_NO)
# Last year's tax caps this year's (article 122); empty where there was none.
CAP_COLUMNS: Final = tuple(Column(name=name, most=13, pattern=WON, required=False) for name in LAST_YEAR)

HOUSING: Final = Kind(
    name="housing",
    tax="property",
    name_ko="재산세(주택)",
    name_en="Property tax on houses",
    own_columns=(
        Column(name="property_id", most=23, pattern=PROPERTY_ID),
        Column(name="address", most=200),
        Column(name="official_price", most=14, pattern=NUMBER),
        Column(name="prior_year_price", most=14, pattern=NUMBER, required=False),
        Column(name="one_house", most=1, check=YES_OR_NO),
        URBAN_COLUMN,
        SHARE_COLUMN,
    ),
    object_column="property_id",
    terms=terms_of_july_and_september,
    read=_read_house,
    assess_facts=housing.assess_facts,
    rate_column=lambda cells: "official_price",
    check_facts=_not_billed_in_july,
)
# The same with what the fire-service part and the cap of the tax need (articles 146 paragraph 4, 122 as it was).
HOUSING_WHOLE: Final = replace(
    HOUSING,
    name="housing_whole",
    name_ko="재산세(주택, 건축물 가액과 전년도 세액 포함)",
    name_en="Property tax on houses, with the building's value and last year's tax",
    own_columns=(
        *HOUSING.own_columns,
        Column(name="building_value", most=14, pattern=WON, required=False),
        *CAP_COLUMNS[:2],
    ),
    read=_read_house_whole,
)
BUILDING: Final = Kind(
    name="building",
    tax="property",
    name_ko="재산세(건축물)",
    name_en="Property tax on buildings",
    own_columns=(
        Column(name="property_id", most=23, pattern=PROPERTY_ID),
        Column(name="address", most=200),
        VALUE_COLUMN,
        Column(name="use", most=20, check=one_of(*USES)),
        Column(name="fire_risk", most=20, check=one_of(*RISKS)),
        URBAN_COLUMN,
        SHARE_COLUMN,
        *CAP_COLUMNS,
    ),
    object_column="property_id",
    terms=term_of_july,
    read=_read_building,
    assess_facts=assess_building_facts,
    rate_column=lambda cells: "use",
)
LAND: Final = Kind(
    name="land",
    tax="property",
    name_ko="재산세(토지)",
    name_en="Property tax on land",
    own_columns=(
        Column(name="land_ref", most=40, pattern=LEDGER_ID),
        Column(name="land_kind", most=20, check=one_of(*ADDED_UP, *BY_PIECE)),
        VALUE_COLUMN,
        Column(name="urban_value", most=15, pattern=WON, check=_not_more_than_the_value, beside=("value",)),
        *CAP_COLUMNS[:2],
    ),
    object_column="land_ref",
    terms=term_of_september,
    read=_read_land,
    assess_facts=assess_land_facts,
    rate_column=lambda cells: "land_kind",
)
VESSEL: Final = Kind(
    name="vessel",
    tax="property",
    name_ko="재산세(선박·항공기)",
    name_en="Property tax on ships and aircraft",
    own_columns=(
        Column(name="vessel_id", most=30, pattern=LEDGER_ID),
        Column(name="vessel_kind", most=20, check=one_of(*VESSELS)),
        VALUE_COLUMN,
        SHARE_COLUMN,
    ),
    object_column="vessel_id",
    terms=term_of_july,
    read=_read_vessel,
    assess_facts=assess_vessel_facts,
    rate_column=lambda cells: "vessel_kind",
)
