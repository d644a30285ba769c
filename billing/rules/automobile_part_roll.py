"""Rolls of automobile tax for part of a half: a car changed hands (이전등록) or left the register (말소등록)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from billing.rules.assessed import Assessed
from billing.rules.automobile_bill import billed_whole_in_june
from billing.rules.automobile_held import Held
from billing.rules.automobile_roll import AUTOMOBILE, assess_facts, vehicle_of
from billing.rules.columns import DAY, Cells, Column, Expected, Term, day_of, one_of
from billing.rules.dated import DatedTables
from billing.rules.kinds import Facts, RowRefused
from billing.rules.periods import Half
from billing.rules.steps import Step

OCCASIONS: Final = {"transfer": "지방세법 제129조", "scrapping": "지방세법 제130조"}


def last_day(*, occasion: str, on: date) -> date:
    """The last day that the car's owner is taxed for.

    >>> last_day(occasion="transfer", on=date(2026, 4, 1)), last_day(occasion="scrapping", on=date(2026, 4, 1))
    (datetime.date(2026, 3, 31), datetime.date(2026, 4, 1))
    """
    return on - timedelta(days=1) if occasion == "transfer" else on


def assess_part(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a bill again from what it keeps: how long its payer held the car, and why it ended."""
    assessed = assess_facts(facts, tables=tables)
    occasion: str = facts["occasion"]
    values = {"on": facts["occasion_on"], "last": facts["held_until"]}
    return replace(assessed, steps=(Step(code=occasion, article=OCCASIONS[occasion], values=values), *assessed.steps))


def _read(cells: Cells, term: Term) -> Facts:
    until = last_day(occasion=cells["occasion"], on=date.fromisoformat(cells["occasion_on"]))
    own = {"occasion": cells["occasion"], "occasion_on": cells["occasion_on"], "held_until": until.isoformat()}
    return AUTOMOBILE.read(cells, term) | own


def _object(cells: Cells) -> str:
    """The vehicle and its owner's last day: in one half a car may have several owners, who are billed apart."""
    until = last_day(occasion=cells["occasion"], on=date.fromisoformat(cells["occasion_on"]))
    return f"{cells['vehicle_number']}~{until.isoformat()}"


def _occasion_on(value: str, cells: Cells, expected: Expected) -> str | None:
    """A day that ends the ownership within the roll's half, after it began."""
    on = day_of(value)
    if on is None or on == date.min:
        return "impossible_date"
    half, last = Half(expected.term.year, expected.term.number), last_day(occasion=cells["occasion"], on=on)
    if not half.first <= last <= half.last:
        return "other_half"
    began = [day_of(cells[name]) for name in ("first_registered", "held_from")]
    return "held_backwards" if any(day and day > last for day in began) else None


def _not_billed_whole_in_june(facts: Mapping[str, Any], *, term: Term, tables: DatedTables) -> None:
    """June's bill asked for the whole year of a small car: what was too much is taken back from that bill."""
    since = Held(first=date.fromisoformat(facts["held_from"])) if "held_from" in facts else Held()
    vehicle = vehicle_of(facts)
    if term.number == 2 and billed_whole_in_june(vehicle=vehicle, year=term.year, tables=tables, held=since):
        raise RowRefused(column="half", code="billed_in_june")


AUTOMOBILE_PART: Final = replace(
    AUTOMOBILE,
    name="automobile_part",
    name_ko="자동차세(이전·말소 일할분)",
    name_en="Automobile tax for part of a half (transfer, scrapping)",
    own_columns=(
        *AUTOMOBILE.own_columns,
        Column(name="occasion", most=10, check=one_of(*OCCASIONS)),
        Column(
            name="occasion_on",
            most=10,
            pattern=DAY,
            check=_occasion_on,
            beside=("occasion", "first_registered", "held_from"),
        ),
    ),
    object_of=_object,
    read=_read,
    assess_facts=assess_part,
    check_facts=_not_billed_whole_in_june,
    regular=False,
    credit_table="",
)
