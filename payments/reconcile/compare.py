"""Closing a business day (일마감): ask the gateways, compare, distribute. Every step can be run again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.errors import Refusal
from payments.reconcile.business_day import Span, business_days
from payments.reconcile.distribute import days_with_news, distribute
from payments.reconcile.fetch import fetch_settlements, settling_gateways

# Files and answers that come later than this are compared when an officer asks for their day.
LOOK_BACK: Final = 10
# Money that came or went about an older day is distributed as soon as it is written down.
NEWS: Final = timedelta(days=7)


class DayNotOver(Refusal):
    message = _("That business day is not over yet. Choose an earlier day.")


class NoBusinessDay(Refusal):
    message = _("That is no business day. What moved on it belongs to the next one.")


@dataclass(frozen=True)
class Compared:
    """`differences` that are open, and gateways that did not say what they settle."""

    day: date
    differences: int
    unanswered: tuple[str, ...]

    @property
    def green(self) -> bool:
        return not self.differences and not self.unanswered


def reconcile(*, day: date, at: datetime) -> Compared:
    """Compare one business day that is over. Raises `DayNotOver`, `NoBusinessDay`."""
    days = business_days(on=day)
    if not days.calendar.is_working_day(day):
        raise NoBusinessDay
    span = days.span(day)
    if span.ends > at:
        raise DayNotOver
    compared = _compare(span, at)
    distribute(span=span, at=at)
    return compared


def reconcile_recent(*, at: datetime) -> list[Compared]:
    """The days of the last two weeks, oldest first, so that what came late closes its differences."""
    days = business_days(on=local_date(at))
    recent = days.last(LOOK_BACK, at=at)
    for day in days_with_news(since=at - NEWS, days=days) - {*recent}:
        if day < recent[-1]:
            distribute(span=days.span(day), at=at)
    return [reconcile(day=day, at=at) for day in reversed(recent)]


def _compare(span: Span, at: datetime) -> Compared:
    gateways = settling_gateways()
    unanswered = tuple(
        one.name for one in gateways if not fetch_settlements(gateway=one, start=span.after, end=span.day)
    )
    return compare_day(span=span, settling=[one.name for one in gateways], unanswered=unanswered, at=at)


def compare_day(*, span: Span, settling: Sequence[str], unanswered: Sequence[str], at: datetime) -> Compared:
    """Compare what is here of a day. `settling`: gateways that tell line by line what they settle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_reconcile(%s, %s, %s, %s, %s::text[], %s::jsonb, %s)",
            [span.day, span.after, span.starts, span.ends, list(settling), json.dumps(list(unanswered)), at],
        )
        return Compared(span.day, int(cursor.fetchone()[0]), tuple(unanswered))
