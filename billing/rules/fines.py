"""Fines for parking and bus lanes (과태료): Road Traffic Act, article 160; Act on the Regulation of Violations, 17-19.

What a late one owes beside itself is the dated table `late_fine` (article 24), by billing.rules.late_payment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.columns import DAY, VEHICLE_NUMBER, Cells, Column, Expected, Term, day_of, one_of
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.filed import row_of
from billing.rules.kinds import Facts, Kind
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value

PARKING: Final = "parking_fine"
BUS_LANE: Final = "bus_lane_fine"
ZONES: Final = ("ordinary", "fire_service", "children", "elderly_disabled")
CLASSES: Final = ("car", "large", "motorcycle")
LEVIED_BY: Final = frozenset({"city", "district", "agency"})


def parking_fine(*, zone: str, vehicle: str, on: date, tables: DatedTables, two_hours: bool = False) -> Assessed:
    """The fine for stopping or parking where nobody may, by the place and the vehicle. Raises RateNotSourced."""
    table = tables.at(PARKING, on)
    won = _sum(row_of(table.body["zones"], zone, of="parking fine"), vehicle)
    values: dict[str, Value] = {"zone": zone, "vehicle": vehicle}
    steps = [Step(code="parking_fine", article=table.article, amount=won, values=values)]
    if two_hours:
        adds: int = table.body["longer_adds"]
        won += adds
        steps.append(Step(code="two_hours", article=table.article, amount=won, values={"adds": adds}))
    return Assessed(lines=(Line(tax=PARKING, amount=won),), steps=tuple(steps))


def bus_lane_fine(*, vehicle: str, on: date, tables: DatedTables) -> Assessed:
    """The fine for driving in a bus lane of an ordinary road. Raises RateNotSourced."""
    table = tables.at(BUS_LANE, on)
    won = _sum(table.body, vehicle)
    step = Step(code="bus_lane_fine", article=table.article, amount=won, values={"vehicle": vehicle})
    return Assessed(lines=(Line(tax=BUS_LANE, amount=won),), steps=(step,))


def paid_early(fine: Assessed, *, on: date, tables: DatedTables) -> Assessed:
    """What ends the matter if it is paid within the time for stating one's case (article 18), cut to 10 won."""
    table = tables.at(EARLY_TABLE, on)
    less = cut(fine.total * percent(table.body["percent"]))
    values: dict[str, Value] = {"percent": table.body["percent"], "base": fine.total}
    step = Step(code="paid_early", article=table.article, amount=fine.total - less, values=values)
    (line,) = fine.lines
    return Assessed(lines=(Line(tax=line.tax, amount=fine.total - less),), steps=(*fine.steps, step))


def _sum(row: Mapping[str, Any], vehicle: str) -> int:
    if vehicle not in row:
        raise RateNotSourced(f"no fine for {vehicle!r}")
    won: int = row[vehicle]
    return won


def assess_parking(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a parking fine again from what it was computed from."""
    on, longer = date.fromisoformat(facts["violated_on"]), facts["two_hours"] == "Y"
    return parking_fine(zone=facts["zone"], vehicle=facts["vehicle_class"], two_hours=longer, on=on, tables=tables)


def assess_bus_lane(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a bus-lane fine again from what it was computed from."""
    on = date.fromisoformat(facts["violated_on"])
    return bus_lane_fine(vehicle=facts["vehicle_class"], on=on, tables=tables)


def _terms(year: int, tables: DatedTables) -> tuple[Term, ...]:
    quarters = tables.at("fine_terms", date(year, 12, 31)).body["quarters"]
    return tuple(
        Term(
            year=year,
            number=int(number),
            liability_on=date.fromisoformat(f"{year}-{row['liability']}"),
            nominal_due_on=date.fromisoformat(
                f"{year}-{row['due']}" if "due" in row else f"{year + 1}-{row['due_next_year']}"
            ),
        )
        for number, row in quarters.items()
    )


def _violated(value: str, cells: Cells, expected: Expected) -> str | None:
    """A day of the roll's quarter or before it, at most five years back (article 19)."""
    day = day_of(value)
    if day is None:
        return "impossible_date"
    if day > expected.term.liability_on:
        return "after_period"
    oldest = expected.term.liability_on.replace(day=1, year=expected.term.year - 5)
    return "too_long_ago" if day < oldest else None


def _early_until(value: str, cells: Cells, expected: Expected) -> str | None:
    """Until when one may state his case: after the violation, and not after the bill's due date by law."""
    if not value:
        return None
    day, violated = day_of(value), day_of(cells["violated_on"])
    if day is None:
        return "impossible_date"
    return "early_until" if (violated and day <= violated) or day > expected.term.nominal_due_on else None


def _reader(*names: str) -> Callable[[Cells, Term], Facts]:
    def read(cells: Cells, term: Term) -> Facts:
        facts: Facts = {name: cells[name] for name in names} | {"year": term.year, "quarter": term.number}
        return facts | {name: cells[name] for name in ("early_until",) if cells.get(name)}

    return read


CASE: Final = (
    Column(name="case_number", most=30, pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")),
    Column(name="vehicle_number", most=12, pattern=VEHICLE_NUMBER),
    Column(name="violated_on", most=10, pattern=DAY, check=_violated),
    Column(name="vehicle_class", most=12, check=one_of(*CLASSES)),
)
# The last day on which a fine costs less (사전납부 감경); empty where that time is over.
EARLY: Final = (
    Column(name="early_until", most=10, pattern=DAY, required=False, check=_early_until, beside=("violated_on",)),
)
EARLY_TABLE: Final = "fine_paid_early"
PARKING_FINES: Final = Kind(
    name=PARKING,
    tax=PARKING,
    own_columns=(
        *CASE,
        Column(name="zone", most=20, check=one_of(*ZONES)),
        Column(name="two_hours", most=1, check=one_of("Y", "N")),
    ),
    object_column="case_number",
    terms=_terms,
    read=_reader("case_number", "vehicle_number", "violated_on", "vehicle_class", "zone", "two_hours"),
    assess_facts=assess_parking,
    rate_column=lambda cells: "vehicle_class",
    levied_by=LEVIED_BY,
    optional_columns=EARLY,
    credit_table=EARLY_TABLE,
)
BUS_LANE_FINES: Final = Kind(
    name=BUS_LANE,
    tax=BUS_LANE,
    own_columns=CASE,
    object_column="case_number",
    terms=_terms,
    read=_reader("case_number", "vehicle_number", "violated_on", "vehicle_class"),
    assess_facts=assess_bus_lane,
    rate_column=lambda cells: "vehicle_class",
    levied_by=LEVIED_BY,
    optional_columns=EARLY,
    credit_table=EARLY_TABLE,
)
