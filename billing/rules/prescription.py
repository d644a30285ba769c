"""When a claim is prescribed (지방세징수권의 소멸시효): Framework Act on Local Taxes, articles 39 and 40."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.rules.dated import DatedTable
from billing.rules.standing import Deferral


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """A reminder, seizure or payment on a day, after which limitation begins anew from `until`; None: it still lasts.

    A reminder (독촉) lasts until its term ends, a seizure (압류) until it is released, a payment for its day.
    """

    on: date
    until: date | None


def years_of(*, claim: int, is_tax: bool, rule: DatedTable) -> int:
    """5 years, 10 from 50,000,000 won of tax; surcharges don't count (article 39 paragraph 1). `claim` in won."""
    large = is_tax and claim >= rule.body["large_from"]
    years: int = rule.body["large_years"] if large else rule.body["years"]
    return years


def last_day_of_claim(
    *, due: date, years: int, interruptions: Sequence[Interruption] = (), pauses: Sequence[Deferral] = ()
) -> date | None:
    """The last day on which the claim stands; None while an interruption lasts.

    It runs from the day after the due date. What comes after the last day interrupts nothing any more. Days of a
    deferral or of instalments don't count (article 40 paragraph 3).

    >>> last_day_of_claim(due=date(2026, 6, 30), years=5)
    datetime.date(2031, 6, 30)
    >>> last_day_of_claim(due=date(2026, 6, 30), years=5,
    ...                   interruptions=[Interruption(on=date(2026, 8, 1), until=date(2026, 8, 20))])
    datetime.date(2031, 8, 20)
    """
    start = due
    for interruption in sorted(interruptions, key=lambda one: one.on):
        if interruption.on > _end(start, years, pauses):
            break
        if interruption.until is None:
            return None
        start = max(start, interruption.until)
    return _end(start, years, pauses)


def _end(start: date, years: int, pauses: Sequence[Deferral]) -> date:
    end = years_after(start, years)
    counted = start
    for pause in sorted(pauses, key=lambda one: one.from_on):
        first = max(pause.from_on, counted + timedelta(days=1))
        if first > end:
            break
        if pause.until_on >= first:
            end += timedelta(days=(pause.until_on - first).days + 1)
            counted = pause.until_on
    return end


def years_after(day: date, years: int) -> date:
    """The same day some years later; 28 February for a 29th that isn't there.

    >>> years_after(date(2028, 2, 29), 5)
    datetime.date(2033, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
