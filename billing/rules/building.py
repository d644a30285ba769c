"""Property tax on buildings, ships and aircraft (건축물·선박·항공기 재산세): Local Tax Act, articles 110-122."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.fire_service import RISKS, fire_service
from billing.rules.property_parts import (
    PropertyYear,
    assessment_day,
    bill_of,
    held_to_last_year,
    number_of,
    of_share,
    share_of,
    urban_part,
    yes,
)
from billing.rules.rounding import percent
from billing.rules.steps import Step, Value

VESSELS: Final = ("ship", "luxury_ship", "aircraft")


@dataclass(frozen=True, kw_only=True)
class Building:
    """A building on 1 June that is no dwelling; `value` is its standard value (시가표준액) in won.

    `use`: general, factory (in a residential zone), new_factory (in the overcrowded zone, for five years) or
    golf_or_luxury. `risk`: how dangerous a fire would be. Last year's amounts are of the whole building.
    """

    value: int
    use: str = "general"
    risk: str = "ordinary"
    urban: bool = True
    share: Fraction = Fraction(1)
    last_year_main: int | None = None
    last_year_urban: int | None = None
    last_year_resource: int | None = None


@dataclass(frozen=True, kw_only=True)
class Vessel:
    """A ship, a luxury_ship or an aircraft. Its value is the base itself (article 110 paragraph 2)."""

    kind: str
    value: int
    share: Fraction = Fraction(1)


def building_year(*, building: Building, tables: DatedTables, on: date) -> PropertyYear:
    """What a year owes in won, not yet cut: base at the fair-market ratio, rate by use, capped by last year's."""
    ratio, rates = tables.at("building_ratio", on), tables.at("building_rates", on)
    if building.use not in rates.body:
        raise RateNotSourced(f"no rate for a building of use {building.use!r}")
    if building.risk not in RISKS:
        raise RateNotSourced(f"no rate for a risk of fire {building.risk!r}")
    base = int(building.value * percent(ratio.body["percent"]))
    values: dict[str, Value] = {"price": building.value, "percent": ratio.body["percent"]}
    steps: tuple[Step, ...] = (Step(code="standard_value_base", article=ratio.article, amount=base, values=values),)
    main, more = _main(base, rate=rates.body[building.use], article=rates.article)
    steps += more
    main, more = _capped(main, building.last_year_main, tables=tables, on=on)
    steps += more
    urban = Fraction(0)
    if building.urban:
        urban, step = urban_part(base=base, tables=tables, on=on)
        urban, more = _capped(urban, building.last_year_urban, tables=tables, on=on)
        steps += (step, *more)
    resource, step = fire_service(base=base, risk=building.risk, tables=tables, on=on)
    resource, more = _capped(resource, building.last_year_resource, tables=tables, on=on)
    year = PropertyYear(base=base, main=main, urban=urban, resource=resource, steps=(*steps, step, *more))
    return of_share(year, share=building.share)


def assess_building(*, building: Building, year: int, tables: DatedTables) -> Assessed:
    """The bill of July."""
    on = assessment_day(year=year)
    return bill_of(building_year(building=building, tables=tables, on=on), part=Fraction(1), tables=tables, on=on)


def assess_vessel(*, vessel: Vessel, year: int, tables: DatedTables) -> Assessed:
    """The bill of July for a ship or an aircraft.

    The fire-service part of a ship is owed only where the district keeps a fireboat (article 142 paragraph 2 no. 3):
    it is not computed.
    """
    on = assessment_day(year=year)
    rates = tables.at("vessel_rates", on)
    if vessel.kind not in rates.body:
        raise RateNotSourced(f"no rate for {vessel.kind!r}")
    main, steps = _main(vessel.value, rate=rates.body[vessel.kind], article=rates.article)
    owed = of_share(PropertyYear(base=vessel.value, main=main, steps=steps), share=vessel.share)
    return bill_of(owed, part=Fraction(1), tables=tables, on=on)


def assess_building_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a building's bill again from what it keeps."""
    building = Building(
        value=int(facts["value"]),
        use=facts["use"],
        risk=facts["fire_risk"],
        urban=yes(facts["urban_area"]),
        share=share_of(facts),
        last_year_main=number_of(facts, "last_year_main"),
        last_year_urban=number_of(facts, "last_year_urban"),
        last_year_resource=number_of(facts, "last_year_resource"),
    )
    return assess_building(building=building, year=facts["year"], tables=tables)


def assess_vessel_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a ship's or an aircraft's bill again from what it keeps."""
    vessel = Vessel(kind=facts["vessel_kind"], value=int(facts["value"]), share=share_of(facts))
    return assess_vessel(vessel=vessel, year=facts["year"], tables=tables)


def _main(base: int, *, rate: str, article: str) -> tuple[Fraction, tuple[Step, ...]]:
    amount = base * percent(rate)
    values: dict[str, Value] = {"base": base, "percent": rate}
    return amount, (Step(code="yearly_rate", article=article, amount=int(amount), values=values),)


def _capped(
    amount: Fraction, last_year: int | None, *, tables: DatedTables, on: date
) -> tuple[Fraction, tuple[Step, ...]]:
    table = tables.at("property_tax_cap", on)
    return held_to_last_year(amount, last_year=last_year, cap=table.body["percent"], table=table)
