"""Rolls of automobile tax on ownership: what each cell must be, and the tax that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from billing.rules.assessed import Assessed
from billing.rules.automobile import KINDS, SIZED, SIZES, USES, Vehicle, regular_dates
from billing.rules.automobile_bill import assess_half, billed_whole_in_june
from billing.rules.automobile_held import Held
from billing.rules.columns import (
    DAY,
    NUMBER,
    VEHICLE_NUMBER,
    Cells,
    Check,
    Column,
    Expected,
    Term,
    day_of,
    one_of,
    term_number,
)
from billing.rules.dated import DatedTables
from billing.rules.kinds import Facts, Kind, RowRefused
from billing.rules.periods import Half

OLDEST: Final = 1950
# Facts of a bill for part of a half: the payer got the car in it, or it was transferred or scrapped.
HELD: Final = {"first": "held_from", "last": "held_until"}


def vehicle_of(facts: Mapping[str, Any]) -> Vehicle:
    """The vehicle as a bill keeps it."""
    return Vehicle(
        kind=facts["kind"],
        use=facts["use"],
        first_registered=date.fromisoformat(facts["first_registered"]),
        displacement_cc=facts.get("displacement_cc"),
        load_kg=facts.get("load_kg"),
        size=facts.get("size"),
    )


def assess_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a bill again from what it was computed from."""
    return assess_half(
        vehicle=vehicle_of(facts), year=facts["year"], half=facts["half"], tables=tables, held=held_of(facts)
    )


def held_of(facts: Mapping[str, Any]) -> Held:
    """On which days the payer held the car."""
    return Held(**{name: date.fromisoformat(facts[key]) for name, key in HELD.items() if facts.get(key)})


def _terms(year: int, tables: DatedTables) -> tuple[Term, ...]:
    dates = {half: regular_dates(year=year, half=half, tables=tables) for half in (1, 2)}
    return tuple(
        Term(year=year, number=half, liability_on=liability, nominal_due_on=due)
        for half, (liability, due) in dates.items()
    )


def _read(cells: Cells, term: Term) -> Facts:
    facts: Facts = {name: cells[name] for name in ("vehicle_number", "kind", "use", "first_registered")}
    facts |= {name: int(cells[name]) for name in ("displacement_cc", "load_kg") if cells[name]}
    facts |= {name: cells[name] for name in ("size", "held_from") if cells.get(name)}
    return facts | {"year": term.year, "half": term.number}


def _not_billed_in_june(facts: Mapping[str, Any], *, term: Term, tables: DatedTables) -> None:
    vehicle, held = vehicle_of(facts), held_of(facts)
    if term.number == 2 and billed_whole_in_june(vehicle=vehicle, year=term.year, tables=tables, held=held):
        raise RowRefused(column="half", code="billed_in_june")


def _registered(value: str, cells: Cells, expected: Expected) -> str | None:
    day = day_of(value)
    if day is None or day.year < OLDEST:
        return "impossible_date"
    return "after_period" if day > Half(expected.term.year, expected.term.number).last else None


def _held_from(value: str, cells: Cells, expected: Expected) -> str | None:
    return _registered(value, cells, expected) if value else None


def _size(value: str, cells: Cells, expected: Expected) -> str | None:
    if not value:
        return "missing" if cells["kind"] in SIZED else None
    return None if value in SIZES else "unknown_value"


def blamed_for_its_rate(cells: Cells) -> str:
    """The column that says which rate is meant."""
    return {"truck": "load_kg"}.get(cells["kind"], "size" if cells["kind"] in SIZED else "kind")


def _needed_for(kind: str) -> Check:
    return lambda value, cells, expected: "missing" if cells["kind"] == kind and not value else None


AUTOMOBILE: Final = Kind(
    name="automobile",
    tax="automobile",
    own_columns=(
        Column(name="vehicle_number", most=12, pattern=VEHICLE_NUMBER),
        Column(name="kind", most=30, check=one_of(*KINDS)),
        Column(name="use", most=30, check=one_of(*USES)),
        Column(
            name="displacement_cc",
            most=5,
            pattern=NUMBER,
            required=False,
            check=_needed_for("passenger"),
            beside=("kind",),
        ),
        Column(name="load_kg", most=6, pattern=NUMBER, required=False, check=_needed_for("truck"), beside=("kind",)),
        Column(name="first_registered", most=10, pattern=DAY, check=_registered),
        Column(name="half", most=1, check=term_number),
    ),
    optional_columns=(
        # The class of a van or a special vehicle, which others have none of.
        Column(name="size", most=20, required=False, check=_size, beside=("kind",)),
        # The day on which the payer got the car from somebody else, of whom the days before it are asked.
        Column(name="held_from", most=10, pattern=DAY, required=False, check=_held_from),
    ),
    object_column="vehicle_number",
    terms=_terms,
    read=_read,
    assess_facts=assess_facts,
    rate_column=blamed_for_its_rate,
    check_facts=_not_billed_in_june,
)
COLUMNS: Final = AUTOMOBILE.column_names
