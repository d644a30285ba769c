"""Returns of local income tax (지방소득세): Local Tax Act, articles 95 and 103-23."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables
from billing.rules.local_income import TAX, corporate_income_tax, personal_income_tax
from billing.rules.returns.kinds import YEAR, DeclaredWrong, Input, ReturnKind, Term, Values
from billing.rules.returns.terms import month_end


def _person(values: Values, *, tables: DatedTables) -> Assessed:
    return personal_income_tax(base=values["base"], year=values["year"], tables=tables)


def _person_term(values: Values, *, tables: DatedTables) -> Term:
    """In May of the next year; whoever has his books confirmed (성실신고확인) until the end of June."""
    year = values["year"]
    row = tables.at("filing_terms", date(year, 12, 31)).body["local_income_personal"]
    due = date.fromisoformat(f"{year + 1}-{row['due_confirmed' if values.get('confirmed') else 'due']}")
    return Term(year=year, term=1, liability_on=date(year, 12, 31), nominal_due_on=due, article=row["article"])


def _days(values: Values) -> tuple[date, date]:
    return date.fromisoformat(values["begins"]), date.fromisoformat(values["ends"])


def months_of(begins: date, ends: date) -> int:
    """Months of a business year; a part of one counts whole (Local Tax Act, article 103-21 paragraph 2).

    >>> months_of(date(2026, 1, 1), date(2026, 12, 31)), months_of(date(2026, 3, 15), date(2026, 12, 31))
    (12, 10)
    """
    after = ends + timedelta(days=1)
    months = (after.year - begins.year) * 12 + after.month - begins.month
    return months + (after.day > begins.day)


def _corporation(values: Values, *, tables: DatedTables) -> Assessed:
    begins, ends = _days(values)
    return corporate_income_tax(
        base=values["base"], begins=begins, tables=tables, months=months_of(begins, ends), family=values["family"]
    )


def _corporation_term(values: Values, *, tables: DatedTables) -> Term:
    begins, ends = _days(values)
    row = tables.at("filing_terms", ends).body["local_income_corporate"]
    due = month_end(ends, row["months"])
    return Term(year=begins.year, term=1, liability_on=ends, nominal_due_on=due, article=row["article"])


def _a_year_at_most(values: Values) -> None:
    begins, ends = _days(values)
    if ends < begins or months_of(begins, ends) > 12:
        raise DeclaredWrong("ends", "longer_than_a_year")


PERSON: Final = ReturnKind(
    name="local_income_personal",
    tax=TAX,
    inputs=(YEAR, Input(name="base", holds="won"), Input(name="confirmed", holds="yes")),
    term_of=_person_term,
    assess=_person,
)
CORPORATION: Final = ReturnKind(
    name="local_income_corporate",
    tax=TAX,
    inputs=(
        Input(name="begins", holds="day", key=True),
        Input(name="ends", holds="day"),
        Input(name="base", holds="won"),
        Input(name="family", holds="yes"),
    ),
    term_of=_corporation_term,
    assess=_corporation,
    check=_a_year_at_most,
)
