"""Until when a bill can be claimed about and the office answers (경정 등의 청구): Framework Act, article 50."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any


def months_after(day: date, months: int) -> date:
    """The last day of a time of so many months that begins the day after `day` (Civil Act, articles 157 and 160).

    The database says the same (`refunds_months_after`).

    >>> months_after(date(2026, 12, 31), 2), months_after(date(2027, 2, 28), 2), months_after(date(2026, 8, 10), 2)
    (datetime.date(2027, 2, 28), datetime.date(2027, 4, 30), datetime.date(2026, 10, 10))
    """
    first = day + timedelta(days=1)
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    last = monthrange(year, month)[1]
    return date(year, month, first.day) - timedelta(days=1) if first.day <= last else date(year, month, last)


def return_until(*, due: date, rule: Mapping[str, Any]) -> date:
    """The last day on which whoever filed a return may ask that it is corrected; `due`: its last day of filing."""
    return months_after(due, 12 * int(rule["years"]))


def later_since(*, today: date, rule: Mapping[str, Any]) -> date:
    """The earliest day of hearing of what turned out otherwise that still allows a claim today."""
    return today - timedelta(days=int(rule["later_days"]))
