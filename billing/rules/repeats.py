"""Rows of one roll that stand for the same thing twice."""

from __future__ import annotations

from collections.abc import Iterable

from billing.rules.kinds import Kind
from billing.rules.roll_file import Problem
from billing.rules.roll_rows import GoodRow


def repeats(rows: Iterable[GoodRow], *, kind: Kind) -> list[Problem]:
    """Each row whose reference or object of tax stood in an earlier row; `shown` names that row."""
    found: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        for column, name in (("roll_ref", "roll_ref"), (kind.object_column, "object_ref")):
            earlier = first.setdefault((column, getattr(row, name)), row.number)
            if earlier != row.number:
                found.append(Problem(row=row.number, column=column, code="twice_in_file", shown=str(earlier)))
    return found


def names_that_differ(rows: Iterable[GoodRow]) -> list[Problem]:
    """Each row that gives a resident number another name than an earlier row did; `shown` names that row."""
    first: dict[str, GoodRow] = {}
    return [
        Problem(row=row.number, column="taxpayer_name", code="name_differs", shown=str(earlier.number))
        for row in rows
        if (earlier := first.setdefault(row.resident_number, row)).name != row.name
    ]


def known_already(
    rows: Iterable[GoodRow], *, kind: Kind, references: frozenset[str], objects: frozenset[str]
) -> list[Problem]:
    """Each row whose reference or object of tax is staged or billed for this period already."""
    found: list[Problem] = []
    for row in rows:
        if row.roll_ref in references:
            found.append(Problem(row=row.number, column="roll_ref", code="known_already", shown=row.roll_ref))
        elif row.object_ref in objects:
            found.append(Problem(row=row.number, column=kind.object_column, code="known_already", shown=row.object_ref))
    return found
