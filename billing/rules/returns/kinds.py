"""What a return of one kind is: what it asks for, for which time, until when it is filed, and the tax that follows.

Every return describes itself as a `ReturnKind` in a module of its own and is named in `billing.rules.returns.registry`;
the pages, the storing, the billing and the explaining know nothing else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables

# What somebody declared, as it is kept: whole numbers, words, days as `2026-06-30`, yes as true.
Values = Mapping[str, Any]
MOST_WON: Final = 10**15
MOST_TEXT: Final = 60


@dataclass(frozen=True, kw_only=True)
class Input:
    """One thing that a return asks for.

    `holds`: "won", "count", "year", "month", "day", "choice", "yes", "area" (square metres, two decimals) or "text".
    `key`: says what the return is about, so that an amended return (수정신고) has the same. `ahead_days`: how far a day
    may lie ahead.
    """

    name: str
    holds: str
    needed: bool = True
    key: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = MOST_WON
    ahead_days: int = 0


class DeclaredWrong(ValueError):
    """What was declared doesn't fit together: the input that is to blame, and the code of what is wrong with it."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {code}")
        self.name, self.code = name, code


@dataclass(frozen=True, kw_only=True)
class Term:
    """For which time a return is: `liability_on` the day on which the tax arose (납세의무 성립일), `nominal_due_on` the
    last day of filing and paying by law (법정신고기한), `article` what says so."""

    year: int
    term: int
    liability_on: date
    nominal_due_on: date
    article: str


class Assess(Protocol):
    """Compute the tax from what was declared. Raises NoTableForDate or RateNotSourced where no rate was read."""

    def __call__(self, values: Values, *, tables: DatedTables) -> Assessed: ...


class TermOf(Protocol):
    """The time that a return is for. Raises NoTableForDate, DeclaredWrong."""

    def __call__(self, values: Values, *, tables: DatedTables) -> Term: ...


def _fits(values: Values) -> None:
    """Most returns take whatever is right input by input."""


@dataclass(frozen=True, kw_only=True)
class ReturnKind:
    """A kind of return.

    `tax` is the code of the TaxType that its bill carries and whose penalties follow (Framework Act, articles 53 and
    54). `check` raises DeclaredWrong. `late_refused`: the penalties for filing it late were not read, so a return after
    its last day is refused by name.
    """

    name: str
    tax: str
    inputs: tuple[Input, ...]
    term_of: TermOf
    assess: Assess
    check: Callable[[Values], None] = _fits
    late_refused: bool = False

    def thing(self, values: Values) -> str:
        """What the return is about: one payer files one return of a kind about it.

        >>> from billing.rules.returns.registry import return_kind
        >>> return_kind("leisure").thing({"object": " Race  Course", "year": 2026, "month": 8, "tickets_sold": 1})
        'race course 2026 8'
        """
        parts = (str(values.get(given.name) or "") for given in self.inputs if given.key)
        return " ".join(" ".join(parts).split()).casefold()


OBJECT: Final = Input(name="object", holds="text", key=True, most=MOST_TEXT)
YEAR: Final = Input(name="year", holds="year", key=True, least=2017, most=2100)
MONTH: Final = Input(name="month", holds="month", key=True, least=1, most=12)
