"""Property tax on land (토지분 재산세): Local Tax Act, articles 106, 110-113, 115, 122."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from billing.rules.assessed import Assessed
from billing.rules.brackets import progressive
from billing.rules.dated import DatedTable, DatedTables, RateNotSourced
from billing.rules.property_parts import PropertyYear, assessment_day, bill_of, held_to_last_year, number_of, urban_part
from billing.rules.rounding import percent
from billing.rules.steps import Step, Value

# Land that is added up by owner and district (종합합산, 별도합산), and land that is taxed piece by piece (분리과세).
ADDED_UP: Final = ("comprehensive", "separate")
BY_PIECE: Final = ("farm_or_forest", "golf_or_luxury", "other_separated")


@dataclass(frozen=True, kw_only=True)
class Land:
    """Land of one owner in one district on 1 June, of one class; values are standard values in won.

    For classes that are added up `value` is the sum of all its pieces there, an owner's shares included (article 113
    paragraph 1); `urban_value` is the part of it that lies in the urban area and owes the urban-area part.
    """

    kind: str
    value: int
    urban_value: int = 0
    last_year_main: int | None = None
    last_year_urban: int | None = None


def land_year(*, land: Land, tables: DatedTables, on: date) -> PropertyYear:
    """What a year owes in won, not yet cut; no more than 150% of last year's."""
    if not 0 <= land.urban_value <= land.value:
        raise ValueError("the value in the urban area is a part of the value")
    ratio, rates, cap = (tables.at(name, on) for name in ("land_ratio", "land_rates", "property_tax_cap"))
    base = int(land.value * percent(ratio.body["percent"]))
    values: dict[str, Value] = {"price": land.value, "percent": ratio.body["percent"]}
    steps: tuple[Step, ...] = (Step(code="standard_value_base", article=ratio.article, amount=base, values=values),)
    main, step = _main(land, base=base, rates=rates)
    limit = cap.body["percent"]
    main, more = held_to_last_year(main, last_year=land.last_year_main, cap=limit, table=cap)
    steps += (step, *more)
    urban = Fraction(0)
    if land.urban_value:
        urban_base = int(land.urban_value * percent(ratio.body["percent"]))
        urban, step = urban_part(base=urban_base, tables=tables, on=on)
        urban, more = held_to_last_year(urban, last_year=land.last_year_urban, cap=limit, table=cap)
        steps += (step, *more)
    return PropertyYear(base=base, main=main, urban=urban, steps=steps)


def assess_land(*, land: Land, year: int, tables: DatedTables) -> Assessed:
    """The bill of September."""
    on = assessment_day(year=year)
    return bill_of(land_year(land=land, tables=tables, on=on), part=Fraction(1), tables=tables, on=on)


def assess_land_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a bill again from what it keeps."""
    land = Land(
        kind=facts["land_kind"],
        value=int(facts["value"]),
        urban_value=int(facts["urban_value"]),
        last_year_main=number_of(facts, "last_year_main"),
        last_year_urban=number_of(facts, "last_year_urban"),
    )
    return assess_land(land=land, year=facts["year"], tables=tables)


def _main(land: Land, *, base: int, rates: DatedTable) -> tuple[Fraction, Step]:
    if land.kind in ADDED_UP:
        rate = progressive(rates.body[land.kind], base)
        values: dict[str, Value] = {"over": rate.over, "plus": rate.plus, "percent": rate.percent}
        return rate.amount, Step(code="progressive_rate", article=rates.article, amount=int(rate.amount), values=values)
    if land.kind not in BY_PIECE:
        raise RateNotSourced(f"no rate for land of the class {land.kind!r}")
    flat = rates.body[land.kind]
    amount = base * percent(flat)
    values = {"base": base, "percent": flat}
    return amount, Step(code="yearly_rate", article=rates.article, amount=int(amount), values=values)
