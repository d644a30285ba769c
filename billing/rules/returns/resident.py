"""Returns of resident tax (주민세) of offices and of employees: Local Tax Act, articles 83 and 84-6."""

from __future__ import annotations

from typing import Final

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables
from billing.rules.resident import OWNERS, RESIDENT, assess_employees, assess_office, dates_of
from billing.rules.returns.kinds import MONTH, OBJECT, YEAR, DeclaredWrong, Input, ReturnKind, Term, Values
from billing.rules.returns.terms import monthly


def _office(values: Values, *, tables: DatedTables) -> Assessed:
    return assess_office(values, tables=tables)


def _office_term(values: Values, *, tables: DatedTables) -> Term:
    liability, due = dates_of(part="office", year=values["year"], tables=tables)
    article = tables.at("filing_terms", liability).body["resident_office"]["article"]
    return Term(year=values["year"], term=1, liability_on=liability, nominal_due_on=due, article=article)


def _has_capital(values: Values) -> None:
    if values["owner"] == "company" and values.get("capital") is None:
        raise DeclaredWrong("capital", "needed")


def _employees(values: Values, *, tables: DatedTables) -> Assessed:
    return assess_employees(values, tables=tables)


def _employees_term(values: Values, *, tables: DatedTables) -> Term:
    return monthly(values, name="resident_employees", tables=tables)


OFFICE: Final = ReturnKind(
    name="resident_office",
    tax=RESIDENT,
    inputs=(
        OBJECT,
        YEAR,
        Input(name="owner", holds="choice", choices=OWNERS),
        Input(name="capital", holds="won", needed=False),
        Input(name="area_m2", holds="area", most=10_000_000),
        Input(name="polluting", holds="yes"),
    ),
    term_of=_office_term,
    assess=_office,
    check=_has_capital,
)
EMPLOYEES: Final = ReturnKind(
    name="resident_employees",
    tax=RESIDENT,
    inputs=(OBJECT, YEAR, MONTH, Input(name="payroll", holds="won"), Input(name="monthly_average", holds="won")),
    term_of=_employees_term,
    assess=_employees,
)
