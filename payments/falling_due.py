"""What falls due of bills, and the moments at which the city debits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from billing.rules.calendar import CalendarNotKnown
from billing.rules.dated import NoTableForDate
from billing.selectors.city import city_calendar, dated_tables
from payments.rules.debit_days import Try, moments, tries_of

TABLE: Final = "automatic_debit"
Pair = tuple[int, date]


@dataclass(frozen=True)
class FallsDue:
    bill_id: int
    taxpayer_id: int
    due_on: date


@dataclass(frozen=True)
class Schedule:
    """The city's rule of a day: the tries, their article, how far ahead a payer's page looks."""

    tries: tuple[Try, ...]
    article: str
    show_days: int


def schedule(*, on: date) -> Schedule | None:
    """None where the city debits nothing automatically."""
    try:
        found = dated_tables().at(TABLE, on)
    except NoTableForDate:
        return None
    return Schedule(tries_of(found.body), found.article, found.body["show_days"])


def moments_of(days: Iterable[date]) -> dict[date, tuple[datetime, ...]]:
    """For each due date the moments at which it is debited; beyond the known holidays those of the day itself."""
    tables = dated_tables()
    found = {}
    for day in set(days):
        tries = tries_of(tables.at(TABLE, day).body)
        calendar = city_calendar(tables=tables, on=day)
        try:
            found[day] = moments(
                due_on=day, tries=tries, next_working_day=calendar.next_working_day, zone=settings.TIME_ZONE
            )
        except CalendarNotKnown:
            same_day = [one for one in tries if not one.working_days]
            found[day] = moments(due_on=day, tries=same_day, next_working_day=lambda at: at, zone=settings.TIME_ZONE)
    return found


def falling_due(*, taxpayer_ids: Sequence[int], start: date, end: date) -> list[FallsDue]:
    """What of these taxpayers' bills falls due from a day to a day, as the running login may see it."""
    query = "SELECT * FROM payments_falling_due(%s::bigint[], %s, %s) ORDER BY due_on, bill_id"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, [list(taxpayer_ids), start, end])
        return [FallsDue(*row) for row in cursor.fetchall()]


def due_amounts(pairs: Sequence[Pair], *, on: date) -> dict[Pair, int]:
    """Minor units owed on a day of what had fallen due of each bill by its day; without what falls due no more."""
    query = "SELECT * FROM payments_due_by(%s::bigint[], %s::date[], %s)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, [[bill for bill, _ in pairs], [day for _, day in pairs], on])
        return {(bill, day): amount for bill, day, amount in cursor.fetchall()}
