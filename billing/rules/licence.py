"""Tax on licences (면허에 대한 등록면허세): Local Tax Act, articles 34, 35."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.columns import Cells, Column, Term, one_of
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.kinds import Facts, Kind
from billing.rules.steps import Step

TAX: Final = "registration_licence"
CLASSES: Final = ("1", "2", "3", "4", "5")


def licence_tax(*, licence_class: str, on: date, tables: DatedTables) -> Assessed:
    """What a licence of a class (제1종-제5종) owes when it is given, and each January while it lasts beyond a year."""
    table = tables.at("licence", on)
    if licence_class not in table.body["classes"]:
        raise RateNotSourced(f"no licence tax for class {licence_class!r}")
    won: int = table.body["classes"][licence_class]
    step = Step(code="licence_class", article=table.article, amount=won, values={"class": licence_class})
    return Assessed(lines=(Line(tax=TAX, amount=won),), steps=(step,))


def assess_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute January's bill again from what it was computed from."""
    return licence_tax(licence_class=facts["licence_class"], on=date(facts["year"], 1, 1), tables=tables)


def _terms(year: int, tables: DatedTables) -> tuple[Term, ...]:
    body = tables.at("licence_terms", date(year, 1, 1)).body
    liability, due = (date.fromisoformat(f"{year}-{body[name]}") for name in ("liability", "due"))
    return (Term(year=year, number=1, liability_on=liability, nominal_due_on=due),)


def _read(cells: Cells, term: Term) -> Facts:
    facts: Facts = {name: cells[name] for name in ("licence_number", "licence_name", "licence_class")}
    return facts | {"year": term.year}


LICENCE: Final = Kind(
    name="licence",
    tax=TAX,
    own_columns=(
        Column(name="licence_number", most=40),
        Column(name="licence_name", most=100),
        Column(name="licence_class", most=1, check=one_of(*CLASSES)),
    ),
    object_column="licence_number",
    terms=_terms,
    read=_read,
    assess_facts=assess_facts,
    rate_column=lambda cells: "licence_class",
)
