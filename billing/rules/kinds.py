"""What a levy roll of one kind is: its columns, the terms of a year, and how a row becomes the lines of a bill.

Every tax or charge that is billed by a roll describes itself as a `Kind` in a module of its own and is named in
`billing.rules.registry`; importing, issuing and explaining know nothing else of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables

Cells = Mapping[str, str]
Facts = dict[str, Any]
CENTURIES: Final = {"9": 1800, "0": 1800, "1": 1900, "2": 1900, "5": 1900, "6": 1900} | dict.fromkeys("3478", 2000)


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


class RowRefused(Exception):
    """A row whose cells are right one by one, and which can't be billed; names the column and the defect's code."""

    def __init__(self, *, column: str, code: str) -> None:
        super().__init__(f"{column}: {code}")
        self.column, self.code = column, code


class AssessFacts(Protocol):
    """Compute a bill from what it keeps. Raises NoTableForDate or RateNotSourced where no rate was read."""

    def __call__(self, facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed: ...


class CheckFacts(Protocol):
    """Raises RowRefused for facts that can't be billed in this term."""

    def __call__(self, facts: Mapping[str, Any], *, term: Term, tables: DatedTables) -> None: ...


def _nothing_to_refuse(facts: Mapping[str, Any], *, term: Term, tables: DatedTables) -> None:
    """Most kinds take any row whose cells are right."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of roll.

    `tax` is the code of the TaxType that its bills carry, `own_columns` stand after COMMON_COLUMNS, `object_column`
    names the column that says what is taxed (billed once in a term), `terms` a year's terms by the dated tables
    (raises NoTableForDate), `read` makes of a row's cells the facts that its bill keeps, `rate_column` is blamed where
    the tables hold no rate. `name_ko` and `name_en` tell it from other rolls of the same tax. `levied_by` names the
    kinds of levying body whose rows a roll may hold.
    """

    name: str
    tax: str
    own_columns: tuple[Column, ...]
    object_column: str
    terms: Callable[[int, DatedTables], tuple[Term, ...]]
    read: Callable[[Cells, Term], Facts]
    assess_facts: AssessFacts
    rate_column: Callable[[Cells], str]
    check_facts: CheckFacts = _nothing_to_refuse
    name_ko: str = ""
    name_en: str = ""
    levied_by: frozenset[str] = frozenset({"district"})

    @property
    def columns(self) -> tuple[Column, ...]:
        return COMMON_COLUMNS + self.own_columns

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def term(self, *, year: int, number: int, tables: DatedTables) -> Term:
        """One term of a year. Raises NoSuchTerm, NoTableForDate."""
        for term in self.terms(year, tables):
            if term.number == number:
                return term
        raise NoSuchTerm(f"{self.name} has no term {number}")


class NoSuchTerm(LookupError):
    """This kind of roll has fewer terms in a year."""


def birth_date(resident_number: str) -> date | None:
    """The date in a resident number, its century by the seventh digit (9, 0: the 1800s); None if no such day was.

    >>> birth_date("690302-9635604"), birth_date("690231-1234567")
    (datetime.date(1869, 3, 2), None)
    """
    try:
        year = CENTURIES[resident_number[7]] + int(resident_number[:2])
        return date(year, int(resident_number[2:4]), int(resident_number[4:6]))
    except ValueError:
        return None


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


def _body(value: str, cells: Cells, expected: Expected) -> str | None:
    return None if value in expected.bodies else "district"


def _resident(value: str, cells: Cells, expected: Expected) -> str | None:
    return None if birth_date(value) else "impossible_date"


NUMBER: Final = re.compile(r"[1-9]\d*", re.ASCII)
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
COMMON_COLUMNS: Final = (
    Column(name="roll_ref", most=40, pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")),
    Column(name="district_code", most=5, check=_body),
    Column(name="taxpayer_name", most=100),
    Column(name="resident_number", most=14, pattern=re.compile(r"\d{6}-\d{7}", re.ASCII), check=_resident),
    Column(
        name="email",
        most=254,
        pattern=re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
        required=False,
    ),
)
