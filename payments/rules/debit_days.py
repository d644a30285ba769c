"""When a bill is debited (자동이체 출금), from the city pack's dated table `automatic_debit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Try:
    """So many working days after the due date, at an hour of the city's clock."""

    working_days: int
    at: time


def tries_of(body: Mapping[str, Any]) -> tuple[Try, ...]:
    """
    >>> tries_of({"tries": [{"working_days": 0, "at": "10:00"}]})
    (Try(working_days=0, at=datetime.time(10, 0)),)
    """
    return tuple(Try(row["working_days"], time.fromisoformat(row["at"])) for row in body["tries"])


def moments(
    *, due_on: date, tries: Sequence[Try], next_working_day: Callable[[date], date], zone: str
) -> tuple[datetime, ...]:
    """Every moment at which something due on a day is debited, the first on the due date itself.

    >>> found = moments(
    ...     due_on=date(2026, 6, 30), tries=(Try(0, time(10)), Try(2, time(9, 30))),
    ...     next_working_day=lambda day: day, zone="Asia/Seoul")
    >>> [one.isoformat() for one in found]
    ['2026-06-30T10:00:00+09:00', '2026-07-02T09:30:00+09:00']
    """
    found = []
    for one in tries:
        day = due_on
        for _ in range(one.working_days):
            day = next_working_day(day + timedelta(days=1))
        found.append(datetime.combine(day, one.at, ZoneInfo(zone)))
    return tuple(sorted(found))


def next_moment(*, of: Sequence[datetime], after: datetime) -> datetime | None:
    """The first that lies ahead; None: there is no further try."""
    return next((one for one in of if one > after), None)
