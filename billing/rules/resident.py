"""Resident tax (주민세): Local Tax Act, articles 74-84-7; local education tax on it, article 151."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.brackets import bracket_of
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.property_parts import number_of, yes
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value

RESIDENT: Final = "resident"
EDUCATION: Final = "local_education"
OWNERS: Final = ("person", "company", "other_company")


@dataclass(frozen=True, kw_only=True)
class Office:
    """A place of business (사업소) on 1 July. `owner`: a person, a company with `capital` won, a company without.

    `area_m2`: the whole area used for the business; `polluting`: under an order of the environment authorities.
    """

    owner: str
    area_m2: Fraction
    capital: int | None = None
    polluting: bool = False


def dates_of(*, part: str, year: int, tables: DatedTables) -> tuple[date, date]:
    """The day the liability arises (과세기준일), and the day until which the tax may be paid, of the individual or the
    office part.
    """
    terms = tables.at(f"resident_{part}", date(year, 7, 1)).body["terms"]
    return date.fromisoformat(f"{year}-{terms['liability']}"), date.fromisoformat(f"{year}-{terms['due']}")


def individual(*, year: int, tables: DatedTables) -> Assessed:
    """The individual part of a household's head (개인분, article 78): one sum, set by the city's ordinance."""
    on = date(year, 7, 1)
    table = tables.at("resident_individual", on)
    amount: int = table.body["amount"]
    step = Step(code="resident_individual", article=table.article, amount=amount)
    return _with_education(amount, educated=amount, steps=(step,), tables=tables, on=on)


def office(*, place: Office, year: int, tables: DatedTables) -> Assessed:
    """The office part (사업소분, articles 81, 82): a sum by the owner's size, and one for each square metre of a place
    of more than 330. Education tax is taken on the first sum only. Raises RateNotSourced for an owner not known.
    """
    on = date(year, 7, 1)
    table = tables.at("resident_office", on)
    base = _base(place, table.body["base"])
    area = int(place.area_m2)  # less than a square metre isn't counted (decree article 82)
    steps: tuple[Step, ...] = (Step(code="resident_office_base", article=table.article, amount=base),)
    by_area = 0
    if place.area_m2 > table.body["free_up_to_m2"]:
        rate = table.body["won_a_m2_polluting" if place.polluting else "won_a_m2"]
        by_area = cut(area * rate)
        values: dict[str, Value] = {"area": area, "rate": rate}
        steps += (Step(code="resident_office_area", article=table.article, amount=by_area, values=values),)
    return _with_education(base + by_area, educated=base, steps=steps, tables=tables, on=on)


def employees(*, payroll: int, monthly_average: int, on: date, tables: DatedTables) -> Assessed:
    """The employee part of one month (종업원분, articles 84-2 to 84-4): a percentage of what employees were paid.

    Nothing where the year's monthly average is at most fifty times the sum of the decree (article 85-2). No education
    tax is taken on it. What a growing small company deducts (article 84-5) is taken off `payroll` before.
    """
    table = tables.at("resident_employees", on)
    rate, exempt = table.body["percent"], table.body["exempt_average"]
    values: dict[str, Value] = {"base": payroll, "percent": rate}
    if monthly_average <= exempt:
        nothing: dict[str, Value] = {"limit": exempt}
        step = Step(code="resident_employees_exempt", article=table.article, amount=0, values=nothing)
        return Assessed(lines=(), steps=(step,), collected=False)
    amount = cut(payroll * percent(rate))
    step = Step(code="resident_employees", article=table.article, amount=amount, values=values)
    return Assessed(lines=(Line(tax=RESIDENT, amount=amount),) if amount else (), steps=(step,), collected=bool(amount))


def assess_individual(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a bill of the individual part again from what it keeps."""
    return individual(year=facts["year"], tables=tables)


def assess_office(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a slip of the office part again from what it keeps."""
    place = Office(
        owner=facts["owner"],
        area_m2=Fraction(str(facts["area_m2"])),
        capital=number_of(facts, "capital"),
        polluting=yes(facts.get("polluting", False)),
    )
    return office(place=place, year=facts["year"], tables=tables)


def assess_employees(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute a return of the employee part again from what it keeps: `month` is the one whose wages were paid."""
    return employees(
        payroll=int(facts["payroll"]),
        monthly_average=int(facts["monthly_average"]),
        on=date(facts["year"], facts["month"], 1),
        tables=tables,
    )


def _base(place: Office, sums: Mapping[str, Any]) -> int:
    if place.owner not in OWNERS:
        raise RateNotSourced(f"no rate for an office of {place.owner!r}")
    if place.owner != "company":
        return int(sums[place.owner])
    if place.capital is None:
        raise ValueError("capital is needed")
    return int(bracket_of(sums["company"], place.capital)[0]["amount"])


def _with_education(amount: int, *, educated: int, steps: tuple[Step, ...], tables: DatedTables, on: date) -> Assessed:
    table = tables.at("resident_education", on)
    education = cut(educated * percent(table.body["percent"]))
    values: dict[str, Value] = {"percent": table.body["percent"], "base": educated}
    steps += (Step(code="education", article=table.article, amount=education, values=values),)
    lines = (Line(tax=RESIDENT, amount=amount), Line(tax=EDUCATION, amount=education))
    return Assessed(lines=lines, steps=steps)
