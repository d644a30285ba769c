"""Whole columns of a roll assessed at once, in whole won: the same dated tables, the same sums as row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from billing.rules.assessed_columns import AssessColumns, AssessedColumns, Columns, Won
from billing.rules.automobile_columns import assess_automobile
from billing.rules.building_columns import assess_buildings, assess_lands, assess_vessels
from billing.rules.columns import Term
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.housing_columns import assess_housing
from billing.rules.kinds import Kind, RowRefused
from billing.rules.roll_rows import assess_row

# Kinds whose sums are computed a column at once,
COLUMNWISE: Final[Mapping[str, AssessColumns]] = {
    "automobile": assess_automobile,
    "automobile_part": assess_automobile,
    "housing": assess_housing,
    "housing_whole": assess_housing,
    "building": assess_buildings,
    "land": assess_lands,
    "vessel": assess_vessels,
}
# and kinds whose rules look at a few cells, which say the same in many rows. Every other kind goes row by row.
ALIKE: Final[Mapping[str, Sequence[str]]] = {
    "resident": (),
    "licence": ("licence_class",),
    "parking_fine": ("violated_on", "vehicle_class", "zone", "two_hours"),
    "bus_lane_fine": ("violated_on", "vehicle_class"),
}


def assess_columns(columns: Columns, *, kind: Kind, term: Term, tables: DatedTables) -> AssessedColumns:
    """The bills of rows whose cells are right."""
    if kind.name in ALIKE:
        return assess_alike(columns, by=ALIKE[kind.name], kind=kind, term=term, tables=tables)
    if kind.name in COLUMNWISE:
        try:
            return COLUMNWISE[kind.name](columns, term=term, tables=tables)
        except NoTableForDate:  # what was not read in a statute is refused as it is of one bill
            pass
    return assess_each(columns, kind=kind, term=term, tables=tables)


def assess_alike(
    columns: Columns, *, by: Sequence[str], kind: Kind, term: Term, tables: DatedTables
) -> AssessedColumns:
    """Rows that are the same in these cells owe the same: the rules of one bill are asked once for all of them."""
    many = len(columns[kind.object_column])
    rows: list[tuple[str, ...]] = list(zip(*(columns[name] for name in by), strict=True)) if by else [()] * many
    first: dict[tuple[str, ...], int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row, place)
    number = {row: which for which, row in enumerate(first)}
    of = np.fromiter((number[row] for row in rows), dtype=np.int64, count=many)
    asked = {name: [columns[name][place] for place in first.values()] for name in kind.row_names}
    answers = assess_each(asked, kind=kind, term=term, tables=tables)
    return AssessedColumns(
        amounts={tax: won[of] for tax, won in answers.amounts.items()},
        collected=answers.collected[of],
        refused={place: answers.refused[which] for place, which in enumerate(of.tolist()) if which in answers.refused},
    )


def assess_each(columns: Columns, *, kind: Kind, term: Term, tables: DatedTables) -> AssessedColumns:
    """The same, row by row with the rules of one bill."""
    names = kind.row_names
    rows = list(zip(*(columns[name] for name in names), strict=True))
    amounts: dict[str, Won] = {}
    collected = np.zeros(len(rows), dtype=np.bool_)
    refused: dict[int, tuple[str, str]] = {}
    for place, row in enumerate(rows):
        try:
            assessed = assess_row(dict(zip(names, row, strict=True)), kind=kind, term=term, tables=tables)
        except RowRefused as refusal:
            refused[place] = refusal.column, refusal.code
            continue
        collected[place] = assessed.collected
        for line in assessed.lines:
            amounts.setdefault(line.tax, np.zeros(len(rows), dtype=np.int64))[place] = line.amount
    return AssessedColumns(amounts=amounts, collected=collected, refused=refused)
