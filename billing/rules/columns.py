"""The columns of a levy roll: what a cell must be, and what makes it a defect."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

Cells = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Term:
    """What one roll of a year bills (기분): the day its liability arises and the day its regular bill is due by law."""

    year: int
    number: int
    liability_on: date
    nominal_due_on: date


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the officer said of the roll: its term, and the levying bodies whose rows it may hold."""

    term: Term
    bodies: Collection[str]


# The code of what is wrong with a cell that has the right form (billing.explain.DEFECTS), or None.
Check = Callable[[str, Cells, Expected], str | None]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. An empty cell is a defect where `required`; otherwise it skips the pattern and meets the check.

    `beside` names the other cells of the row that the check looks at; it is given no others.
    """

    name: str
    most: int
    pattern: re.Pattern[str] | None = None
    required: bool = True
    check: Check | None = None
    beside: tuple[str, ...] = ()


def one_of(*allowed: str) -> Check:
    """A cell that holds one of a few words."""
    return lambda value, cells, expected: None if value in allowed else "unknown_value"


def term_number(value: str, cells: Cells, expected: Expected) -> str | None:
    """A cell that repeats the roll's term, so that a file of another term is noticed."""
    return None if value == str(expected.term.number) else "other_half"


def real_date(value: str, cells: Cells, expected: Expected) -> str | None:
    """A day that was, since 1900, as 2026-06-30."""
    day = day_of(value)
    return None if day and day.year >= 1900 else "impossible_date"


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


NUMBER: Final = re.compile(r"[1-9]\d*", re.ASCII)
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
VEHICLE_NUMBER: Final = re.compile(r"([가-힣]{2})?\d{2,3}[가-힣]\d{4}", re.ASCII)
