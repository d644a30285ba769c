"""Due dates: moved off days on which nobody can pay, by law or by an act for everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


class CalendarNotKnown(LookupError):
    """The city's holidays of that year aren't in its pack yet."""


@dataclass(frozen=True, kw_only=True)
class DueDateOverride:
    """A due date moved for everybody, of one tax or of all (article 24 paragraph 2, article 26)."""

    nominal: date
    due: date
    article: str
    tax: str | None = None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Holidays with substitutes and Labour Day; the list is complete from `known_from` to `known_through`."""

    holidays: Collection[date]
    known_through: date
    known_from: date = date.min
    overrides: Iterable[DueDateOverride] = ()

    def is_working_day(self, day: date) -> bool:
        if day < self.known_from:
            raise CalendarNotKnown(f"no holidays known before {self.known_from.isoformat()}")
        if day > self.known_through:
            raise CalendarNotKnown(f"no holidays known after {self.known_through.isoformat()}")
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The day itself, or the next that is no Saturday, Sunday, holiday or Labour Day (Framework Act article 24).

        >>> Calendar(holidays=(), known_through=date(2024, 12, 31)).next_working_day(date(2024, 8, 31))
        datetime.date(2024, 9, 2)
        """
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def due_date(self, *, nominal: date, tax: str) -> date:
        """The day until which a tax nominally due on `nominal` may be paid; an order comes before the weekday."""
        for override in self.overrides:
            if override.nominal == nominal and override.tax in (None, tax):
                return override.due
        return self.next_working_day(nominal)


def due_when_billed(
    *, calendar: Calendar, nominal: date, tax: str, arrives: date, late_within_days: int = 7, then_days: int = 14
) -> date:
    """Due date of a bill that reaches its payer on `arrives`.

    Late or within 7 days of the due date, it falls due 14 days after it arrived (Framework Act article 31).
    """
    due = calendar.due_date(nominal=nominal, tax=tax)
    if arrives + timedelta(days=late_within_days) < due:
        return due
    return max(due, calendar.next_working_day(arrives + timedelta(days=then_days)))
