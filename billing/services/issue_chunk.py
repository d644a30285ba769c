from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from billing.models import LevyRoll, RollPart
from billing.rules.calendar import due_when_billed
from billing.rules.dated import DatedTables
from billing.rules.registry import kind_of
from billing.selectors.city import city_calendar, dated_tables
from billing.services.entitlements import credit_of
from billing.services.number_bills import reserve_numbers
from core import clock

# Bills in one commit: large enough that its fixed costs vanish, small enough to see progress and to lose little.
CHUNK: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class Levy:
    """What all bills of a roll have in common when they are issued at `at`."""

    roll: LevyRoll
    liability: date
    nominal: date
    due: date
    numbers: dict[str, Any]
    credit: tuple[str | None, str | None]
    at: datetime


def levy_of(*, roll: LevyRoll, at: datetime) -> Levy:
    """The dates of a roll's bills: when the liability arose, the day the law sets, until when they may be paid.

    No article sets a day for a bill for part of a term: it is due as one that arrives late (Framework Act, article 31).
    """
    tables = dated_tables()
    kind, today = kind_of(roll.kind), clock.local_date(at)
    term = kind.term(year=roll.tax_year, number=roll.term, tables=tables)
    days = timedelta(days=tables.at("due_date", today).body["then_days_after_arrival"])
    nominal = term.nominal_due_on if kind.regular else today + days
    due = _due_date(roll, nominal, tables=tables, today=today)
    numbers = tables.at("bill_numbers", date(roll.tax_year, nominal.month, 1)).body
    return Levy(
        roll=roll,
        liability=term.liability_on if kind.regular else min(term.liability_on, today),
        nominal=nominal,
        due=due,
        numbers=dict(numbers),
        credit=credit_of(table=kind.credit_table, tables=tables, at=at),
        at=at,
    )


def _due_date(roll: LevyRoll, nominal: date, *, tables: DatedTables, today: date) -> date:
    late = tables.at("due_date", today).body
    return due_when_billed(
        calendar=city_calendar(tables=tables, on=today),
        nominal=nominal,
        tax=roll.tax_id,
        arrives=today,
        late_within_days=late["arrives_late_within_days"],
        then_days=late["then_days_after_arrival"],
    )


def issue_chunk(*, levy: Levy, part_id: int, most: int = CHUNK) -> int:
    """Issue the next bills of one district in one commit, at most `most`; returns how many, 0 when none is left.

    Everything is made in the database, one statement a table: bills, lines, numbers, the opening entries in the books,
    events, and how far the part has come.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        body = RollPart.objects.values_list("body_id", flat=True).get(pk=part_id)
        cursor.execute("SELECT many, last_row FROM billing_next_rows(%s, %s)", [part_id, most])
        count, last_row = cursor.fetchone()
        if count:
            _make_bills(cursor, levy=levy, part_id=part_id, body=body, count=count, last_row=last_row)
    return int(count)


def _make_bills(cursor: Any, *, levy: Levy, part_id: int, body: str, count: int, last_row: int) -> None:
    numbers = reserve_numbers(
        body=body,
        tax=levy.roll.tax,
        year=levy.roll.tax_year,
        month=levy.nominal.month,
        term=levy.roll.term,
        count=count,
        rule=levy.numbers,
    )
    dates = [levy.liability, levy.nominal, levy.due, levy.at, clock.local_date(levy.at)]
    cursor.execute(
        f"SELECT billing_issue_rows(%s, %s, {numbers.sql}, %s, %s, %s, %s, %s, %s::jsonb, %s::text)",
        [part_id, last_row, *numbers.values, *dates, *levy.credit],
    )
