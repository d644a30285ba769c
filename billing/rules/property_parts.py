"""What every kind of property tax shares: urban-area part, education tax, halves, sums too small to bill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.dated import DatedTable, DatedTables
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value

# Codes of the lines of a bill. The urban-area part (재산세 도시지역분) is property tax and the city's alone, so it
# stands on a line of its own.
PROPERTY: Final = "property"
URBAN: Final = "property_urban"
EDUCATION: Final = "local_education"
RESOURCE: Final = "local_resource"


@dataclass(frozen=True, kw_only=True)
class PropertyYear:
    """What one payer owes for a year, in won and not yet cut: main part, urban-area part, fire-service part."""

    base: int
    main: Fraction
    urban: Fraction = Fraction(0)
    resource: Fraction = Fraction(0)
    steps: tuple[Step, ...]


def assessment_day(*, year: int) -> date:
    """The day whose owner owes and whose tables count (과세기준일, article 114)."""
    return date(year, 6, 1)


def regular_dates(*, year: int, half: int, tables: DatedTables) -> tuple[date, date]:
    """The day the liability arises, and the day until which the bill of July (1) or September (2) may be paid."""
    terms = tables.at("property_terms", assessment_day(year=year)).body
    due = terms["halves"][str(half)]["due"]
    return date.fromisoformat(f"{year}-{terms['liability']}"), date.fromisoformat(f"{year}-{due}")


def held_to_last_year(
    amount: Fraction, *, last_year: int | None, cap: str, table: DatedTable
) -> tuple[Fraction, tuple[Step, ...]]:
    """The tax, at most so many percent of last year's (세 부담의 상한, article 122); None where no cap applies."""
    if last_year is None or amount <= (most := last_year * percent(cap)):
        return amount, ()
    values: dict[str, Value] = {"percent": cap, "prior": last_year}
    return most, (Step(code="tax_cap", article=table.article, amount=int(most), values=values),)


def urban_part(*, base: int, tables: DatedTables, on: date) -> tuple[Fraction, Step]:
    """The urban-area part of a year (도시지역분, article 112), not yet cut."""
    table = tables.at("property_urban", on)
    amount = base * percent(table.body["percent"])
    values: dict[str, Value] = {"percent": table.body["percent"], "base": base}
    return amount, Step(code="urban_part", article=table.article, amount=int(amount), values=values)


def of_share(year: PropertyYear, *, share: Fraction) -> PropertyYear:
    """One owner's part of a tax computed on the whole thing (articles 107 paragraph 1 no. 1, 113 paragraph 3)."""
    if share == 1:
        return year
    step = Step(code="owners_share", article="지방세법 제107조 제1항 제1호", values={"percent": _text(share * 100)})
    return PropertyYear(
        base=year.base,
        main=year.main * share,
        urban=year.urban * share,
        resource=year.resource * share,
        steps=(*year.steps, step),
    )


def is_billed_whole_in_july(year: PropertyYear, *, tables: DatedTables, on: date) -> bool:
    """Whether a house's tax is so small that July asks for the whole year (article 115 paragraph 1 no. 3)."""
    limit: int = tables.at("property_terms", on).body["whole_year_in_july_up_to"]
    return cut(year.main) <= limit


def house_bill(year: PropertyYear, *, half: int, tables: DatedTables, on: date) -> Assessed:
    """July's bill (half 1) or September's (half 2): half of the year, or the whole of a small year in July."""
    table = tables.at("property_terms", on)
    if is_billed_whole_in_july(year, tables=tables, on=on):
        limit: dict[str, Value] = {"limit": table.body["whole_year_in_july_up_to"]}
        if half == 2:
            step = Step(code="billed_in_july", article=table.article, values=limit)
            return Assessed(lines=(), steps=(*year.steps, step), collected=False)
        step = Step(code="whole_year_in_july", article=table.article, values=limit)
        return bill_of(year, part=Fraction(1), steps=(step,), tables=tables, on=on)
    step = Step(code="half_of_year", article=table.article)
    return bill_of(year, part=Fraction(1, 2), steps=(step,), tables=tables, on=on)


def bill_of(
    year: PropertyYear, *, part: Fraction, tables: DatedTables, on: date, steps: tuple[Step, ...] = ()
) -> Assessed:
    """The bill for a part of the year: each component cut to 10 won, education tax on the main part of the bill."""
    main, urban, resource = (cut(amount * part) for amount in (year.main, year.urban, year.resource))
    education_table = tables.at("property_education", on)
    rate = education_table.body["percent"]
    education = cut(main * percent(rate))
    steps = (*year.steps, *steps, Step(code="property_cut", article="지방세기본법 제59조", amount=main))
    if urban:
        steps += (Step(code="urban_cut", article="지방세기본법 제59조", amount=urban),)
    if resource:
        steps += (Step(code="resource_cut", article="지방세기본법 제59조", amount=resource),)
    values: dict[str, Value] = {"percent": rate, "base": main}
    steps += (Step(code="education", article=education_table.article, amount=education, values=values),)
    lines, more = _collected(
        {PROPERTY: main, URBAN: urban, RESOURCE: resource, EDUCATION: education}, tables=tables, on=on
    )
    return Assessed(lines=lines, steps=steps + more, collected=bool(lines))


def yes(value: object) -> bool:
    """A cell of a roll or a stored fact that says yes."""
    return value in (True, "Y", "true")


def number_of(facts: Mapping[str, Any], name: str) -> int | None:
    """A whole number of the stored facts, None where it is missing or empty."""
    value = facts.get(name)
    return None if value in (None, "") else int(value)


def share_of(facts: Mapping[str, Any]) -> Fraction:
    """The owner's share of the stored facts: a percentage, the whole where none is named.

    >>> share_of({"share_percent": "33.5"}), share_of({})
    (Fraction(67, 200), Fraction(1, 1))
    """
    share = percent(str(facts.get("share_percent", 100)))
    if not 0 < share <= 1:
        raise ValueError("a share lies above 0 and is at most 100 percent")
    return share


def _collected(amounts: dict[str, int], *, tables: DatedTables, on: date) -> tuple[tuple[Line, ...], tuple[Step, ...]]:
    """The lines that are billed: property tax and fire-service part each only from 2,000 won (articles 119, 148)."""
    steps: tuple[Step, ...] = ()
    gone: set[str] = set()
    for names, together, rule in (
        ((PROPERTY, URBAN, EDUCATION), amounts[PROPERTY] + amounts[URBAN], "property_minimum"),
        ((RESOURCE,), amounts[RESOURCE], "resource_minimum"),
    ):
        if not together:
            continue
        table = tables.at(rule, on)
        if together < table.body["smallest_bill"]:
            gone |= set(names)
            smallest: dict[str, Value] = {"smallest": table.body["smallest_bill"]}
            steps += (Step(code="not_collected", article=table.article, values=smallest),)
    lines = (Line(tax=tax, amount=amount) for tax, amount in amounts.items() if amount and tax not in gone)
    return tuple(lines), steps


def _text(number: Fraction) -> str:
    return str(int(number)) if number.denominator == 1 else f"{float(number):.4f}".rstrip("0")
