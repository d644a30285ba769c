"""What a levy roll of one kind is: its columns, the terms of a year, and how a row becomes the lines of a bill.

Every tax or charge that is billed by a roll describes itself as a `Kind` in a module of its own and is named in
`billing.rules.registry`; importing, issuing and explaining know nothing else of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from billing.rules.assessed import Assessed
from billing.rules.columns import Cells, Column, Expected, Term
from billing.rules.dated import DatedTables
from billing.rules.payers import OTHER_COLUMNS, RESIDENT_COLUMN

Facts = dict[str, Any]


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
    kinds of levying body whose rows a roll may hold. A file may leave `optional_columns` out. `object_of` says what is
    billed once where that is more than the object's column. Bills of a kind that isn't `regular` (수시분) are due so
    many days after they went out. `credit_table` names the dated table of what a bill is less by if it is paid in time;
    empty: nothing.
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
    optional_columns: tuple[Column, ...] = ()
    object_of: Callable[[Cells], str] | None = None
    regular: bool = True
    credit_table: str = "notice_credit"

    @property
    def columns(self) -> tuple[Column, ...]:
        return COMMON_COLUMNS + self.own_columns

    @property
    def every_column(self) -> tuple[Column, ...]:
        """Also those that a file may leave out."""
        return self.columns + OTHER_COLUMNS + self.optional_columns

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def optional_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in OTHER_COLUMNS + self.optional_columns)

    @property
    def row_names(self) -> tuple[str, ...]:
        """The cells from which a row's facts are read."""
        return self.column_names + tuple(column.name for column in self.optional_columns)

    def term(self, *, year: int, number: int, tables: DatedTables) -> Term:
        """One term of a year. Raises NoSuchTerm, NoTableForDate."""
        for term in self.terms(year, tables):
            if term.number == number:
                return term
        raise NoSuchTerm(f"{self.name} has no term {number}")


class NoSuchTerm(LookupError):
    """This kind of roll has fewer terms in a year."""


def _body(value: str, cells: Cells, expected: Expected) -> str | None:
    return None if value in expected.bodies else "district"


COMMON_COLUMNS: Final = (
    Column(name="roll_ref", most=40, pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")),
    Column(name="district_code", most=5, check=_body),
    Column(name="taxpayer_name", most=100),
    RESIDENT_COLUMN,
    Column(
        name="email",
        most=254,
        pattern=re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
        required=False,
    ),
)
