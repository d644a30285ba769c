"""Halves of a tax year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Half:
    """The first (1) or second (2) half of a year (기분).

    >>> Half(2026, 1).days, Half(2026, 2).days, Half(2024, 1).days
    (181, 184, 182)
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2):
            raise ValueError("a year has a first and a second half")

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.number == 1 else 7, 1)

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.number == 1 else date(self.year, 12, 31)

    @property
    def days(self) -> int:
        return days_between(self.first, self.last)

    @property
    def days_of_year(self) -> int:
        return days_between(date(self.year, 1, 1), date(self.year, 12, 31))


def days_between(first: date, last: date) -> int:
    """Days from one to the other, both counted.

    >>> days_between(date(2026, 4, 15), date(2026, 6, 30))
    77
    """
    return (last - first).days + 1
