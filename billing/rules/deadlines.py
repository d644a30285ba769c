"""Until when a notice can be contested (불복 청구기간): Framework Act on Local Taxes, articles 24, 88, 90, 91."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from billing.rules.calendar import Calendar
from billing.rules.dated import DatedTables

WAYS: Final = ("pre_assessment_review", "objection", "tribunal")


def last_day_to_file(*, way: str, served: date, calendar: Calendar, tables: DatedTables) -> date:
    """The last day on which a petition is in time: so many days after the notice arrived, moved off a day of rest.

    The day of arrival does not count. `way`: 과세전적부심사, 이의신청, 심판청구.
    """
    days: int = tables.at("appeal_terms", served).body["file_within_days"][way]
    return calendar.next_working_day(served + timedelta(days=days))


def is_late(*, filed: date, last_day: date) -> bool:
    """Whether a petition must be dismissed (각하) because it came late."""
    return filed > last_day
