"""Until when returns are filed and their taxes paid (신고납부기한), by the city's dated tables."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from billing.rules.dated import DatedTables
from billing.rules.returns.kinds import Term, Values


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month that lies so many months after a day's own.

    >>> month_end(date(2026, 11, 30), 3), month_end(date(2026, 1, 31))
    (datetime.date(2027, 2, 28), datetime.date(2026, 1, 31))
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, monthrange(year, month)[1])


def monthly(values: Values, *, name: str, tables: DatedTables) -> Term:
    """A return for a month, filed until a day of the next; `name` is its row of the table `filing_terms`."""
    last = month_end(date(values["year"], values["month"], 1))
    row = tables.at("filing_terms", last).body[name]
    return Term(
        year=last.year,
        term=last.month,
        liability_on=last,
        nominal_due_on=last + timedelta(days=row["day_of_next_month"]),
        article=row["article"],
    )
