"""Business days (영업일) of the city's treasury: from one cut-off to the next, without days off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from billing.rules.calendar import Calendar
from billing.selectors.city import city_calendar, dated_tables
from core.clock import local_date


@dataclass(frozen=True)
class Span:
    """A business day: its movements are from `starts` up to `ends`, and what is told by the day is after `after`.

    It says nothing about when a tax counts as paid: that is the moment of payment (Collection Act, article 23).
    """

    day: date
    after: date
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Days:
    """The city's calendar with its cut-off."""

    calendar: Calendar
    cut_off: time

    def span(self, day: date) -> Span:
        """The span that ends with the cut-off of a working day."""
        before = day - timedelta(days=1)
        while not self.calendar.is_working_day(before):
            before -= timedelta(days=1)
        return Span(day, before, self._moment(before), self._moment(day))

    def of(self, at: datetime) -> date:
        """The business day to which a movement belongs: its own, or the next when it came after the cut-off."""
        local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        late = local.time() >= self.cut_off
        return self.calendar.next_working_day(local.date() + timedelta(days=1) if late else local.date())

    def last_ended(self, at: datetime) -> date:
        """The youngest business day that is over."""
        day = local_date(at)
        while not self.calendar.is_working_day(day) or self._moment(day) > at:
            day -= timedelta(days=1)
        return day

    def next(self, day: date) -> date:
        return self.calendar.next_working_day(day + timedelta(days=1))

    def last(self, count: int, *, at: datetime) -> list[date]:
        """The youngest business days that are over, youngest first."""
        days = [self.last_ended(at)]
        while len(days) < count:
            days.append(self.span(days[-1]).after)
        return days

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, self.cut_off, ZoneInfo(settings.TIME_ZONE))


def business_days(*, on: date) -> Days:
    """As the city pack's table `closing` says for a day."""
    tables = dated_tables()
    body = tables.at("closing", on).body
    return Days(city_calendar(tables=tables, on=on), time.fromisoformat(body["cut_off"]))
