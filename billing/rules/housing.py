"""Property tax on housing (주택분 재산세): Local Tax Act, articles 110-115, 122, 146, 151; decree articles 109-118."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from billing.rules.assessed import Assessed
from billing.rules.brackets import bracket_of, progressive
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.fire_service import fire_service
from billing.rules.property_parts import (
    PropertyYear,
    assessment_day,
    held_to_last_year,
    house_bill,
    number_of,
    of_share,
    share_of,
    urban_part,
    yes,
)
from billing.rules.rounding import percent
from billing.rules.steps import Step, Value


@dataclass(frozen=True, kw_only=True)
class House:
    """A house on 1 June, in won: `price` is its official price (공시가격), `prior_price` that of the year before.

    `one_house`: a household's only house (1세대 1주택, decree article 110-2); that is decided before. `building_value`
    is the value of its building part, on which the fire-service part is taken; `last_year_main` and `last_year_urban`
    are last year's tax on the whole house, named only where the cap of the tax still applies.
    """

    price: int
    prior_price: int | None = None
    one_house: bool = False
    urban: bool = True
    share: Fraction = Fraction(1)
    building_value: int | None = None
    last_year_main: int | None = None
    last_year_urban: int | None = None


def base_of(*, house: House, tables: DatedTables, on: date) -> tuple[int, tuple[Step, ...]]:
    """The tax base in won: official price at the fair-market ratio, held to the cap of the base (article 110).

    The cap takes last year's price at this year's ratio (decree article 109-2); a house without one has no cap.
    """
    table, ratio = tables.at("housing_ratio", on), ratio_of(house=house, tables=tables, on=on)
    base = int(house.price * percent(ratio))
    values: dict[str, Value] = {"price": house.price, "percent": ratio}
    steps: tuple[Step, ...] = (Step(code="fair_market_base", article=table.article, amount=base, values=values),)
    if house.prior_price is None:
        return base, steps
    try:
        cap = tables.at("housing_base_cap", on)
    except NoTableForDate:  # before 2024 the base had no cap
        return base, steps
    most = int(house.prior_price * percent(ratio) + base * percent(cap.body["percent"]))
    if base <= most:
        return base, steps
    capped: dict[str, Value] = {"prior": house.prior_price, "percent": ratio, "rise": cap.body["percent"]}
    return most, (*steps, Step(code="base_cap", article=cap.article, amount=most, values=capped))


def ratio_of(*, house: House, tables: DatedTables, on: date) -> str:
    """The fair-market ratio in percent; a household's only house takes its own, by price and also above 900 million."""
    ratios = tables.at("housing_ratio", on).body
    if not house.one_house or "one_house" not in ratios:
        return str(ratios["percent"])
    return str(bracket_of(ratios["one_house"], house.price)[0]["percent"])


def main_part(*, house: House, base: int, tables: DatedTables, on: date) -> tuple[Fraction, tuple[Step, ...]]:
    """The main part of a year on the whole house, not yet cut (articles 111, 111-2, 122)."""
    table = tables.at("housing_rates", on)
    code, article, brackets = "progressive_rate", table.article, table.body["brackets"]
    special = table.body.get("one_house")
    if special and house.one_house and house.price <= special["price_up_to"]:
        code, article, brackets = "one_house_rate", special["article"], special["brackets"]
    rate = progressive(brackets, base)
    values: dict[str, Value] = {"over": rate.over, "plus": rate.plus, "percent": rate.percent}
    step = Step(code=code, article=article, amount=int(rate.amount), values=values)
    amount, more = _capped(rate.amount, house=house, last_year=house.last_year_main, tables=tables, on=on)
    return amount, (step, *more)


def house_year(*, house: House, tables: DatedTables, on: date) -> PropertyYear:
    """What the owner owes for the year: computed on the whole house, then by his share (article 113 paragraph 3)."""
    base, steps = base_of(house=house, tables=tables, on=on)
    main, more = main_part(house=house, base=base, tables=tables, on=on)
    steps += more
    urban = resource = Fraction(0)
    if house.urban:
        urban, step = urban_part(base=base, tables=tables, on=on)
        urban, more = _capped(urban, house=house, last_year=house.last_year_urban, tables=tables, on=on)
        steps += (step, *more)
    if house.building_value is not None:
        ratio = ratio_of(house=house, tables=tables, on=on)
        resource_base = int(house.building_value * percent(ratio))
        resource, step = fire_service(base=resource_base, risk="ordinary", tables=tables, on=on)
        steps += (step,)
    year = PropertyYear(base=base, main=main, urban=urban, resource=resource, steps=steps)
    return of_share(year, share=house.share)


def assess_house(*, house: House, year: int, half: int, tables: DatedTables) -> Assessed:
    """The bill of July (half 1) or September (half 2), in won.

    A year's main part of at most 200,000 won is billed whole in July; September then asks for nothing.
    """
    on = assessment_day(year=year)
    return house_bill(house_year(house=house, tables=tables, on=on), half=half, tables=tables, on=on)


def house_of(facts: Mapping[str, Any]) -> House:
    """The house as a roll's row or a bill keeps it."""
    return House(
        price=int(facts["official_price"]),
        prior_price=number_of(facts, "prior_year_price") or None,
        one_house=yes(facts["one_house"]),
        urban=yes(facts["urban_area"]),
        share=share_of(facts),
        building_value=number_of(facts, "building_value"),
        last_year_main=number_of(facts, "last_year_main"),
        last_year_urban=number_of(facts, "last_year_urban"),
    )


def assess_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a bill again from what it was computed from: the columns of a roll, `year` and `half`."""
    return assess_house(house=house_of(facts), year=facts["year"], half=facts["half"], tables=tables)


def _capped(
    amount: Fraction, *, house: House, last_year: int | None, tables: DatedTables, on: date
) -> tuple[Fraction, tuple[Step, ...]]:
    if last_year is None:
        return amount, ()
    table = tables.at("housing_tax_cap", on)
    cap = bracket_of(table.body["brackets"], house.price)[0]["percent"]
    return held_to_last_year(amount, last_year=last_year, cap=cap, table=table)
