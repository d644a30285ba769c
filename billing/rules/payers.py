"""By which number a row of a roll names its payer: one of a person, of a business, or of a corporation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from billing.rules.columns import Cells, Column, Expected
from core.check_digits import business_check_digit, corporate_check_digit

CENTURIES: Final = {"9": 1800, "0": 1800, "1": 1900, "2": 1900, "5": 1900, "6": 1900} | dict.fromkeys("3478", 2000)


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


def _resident(value: str, cells: Cells, expected: Expected) -> str | None:
    return None if not value or birth_date(value) else "impossible_date"


def _business(value: str, cells: Cells, expected: Expected) -> str | None:
    digits = value.replace("-", "")
    return None if not value or business_check_digit(digits) == int(digits[-1]) else "check_digit"


def _corporate(value: str, cells: Cells, expected: Expected) -> str | None:
    digits = value.replace("-", "")
    return None if not value or corporate_check_digit(digits) == int(digits[-1]) else "check_digit"


RESIDENT_COLUMN: Final = Column(
    name="resident_number", most=14, pattern=re.compile(r"\d{6}-\d{7}", re.ASCII), required=False, check=_resident
)
# A file may leave these columns out.
OTHER_COLUMNS: Final = (
    Column(
        name="business_number",
        most=12,
        pattern=re.compile(r"\d{3}-\d{2}-\d{5}", re.ASCII),
        required=False,
        check=_business,
    ),
    Column(
        name="corporate_number", most=14, pattern=re.compile(r"\d{6}-\d{7}", re.ASCII), required=False, check=_corporate
    ),
)
# What accounts calls the kind of number in each column.
KINDS: Final = {"resident_number": "resident", "business_number": "business", "corporate_number": "corporate"}


def not_one_number(cells: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, str, str]]:
    """Rows that name no number or more than one: their place, the column that is meant, and the defect's code."""
    columns = [cells[name] for name in KINDS]
    if all(columns[0]) and not any(map(any, columns[1:])):
        return  # as in nearly every roll
    for place, row in enumerate(zip(*columns, strict=True)):
        given = [name for name, number in zip(KINDS, row, strict=True) if number]
        if not given:
            yield place, "resident_number", "missing"
        elif len(given) > 1:
            yield place, given[1], "two_numbers"


def numbers_of(cells: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Kind and number of each row's payer; each row names one."""
    columns = [cells[name] for name in KINDS]
    if not any(map(any, columns[1:])):
        return [("resident", number) for number in columns[0]]
    kinds = list(KINDS.values())
    return [
        next((kind, number) for kind, number in zip(kinds, row, strict=True) if number)
        for row in zip(*columns, strict=True)
    ]
