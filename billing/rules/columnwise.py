"""Whole columns of a roll assessed at once, in whole won: the same dated tables, the same sums as row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from billing.rules.assessed_columns import AssessColumns, AssessedColumns, Columns, Won
from billing.rules.automobile_columns import assess_automobile
from billing.rules.dated import DatedTables
from billing.rules.housing_columns import assess_housing
from billing.rules.kinds import Kind, RowRefused, Term
from billing.rules.roll_rows import assess_row

# Kinds that compute a column at once; every other kind goes row by row.
COLUMNWISE: Final[Mapping[str, AssessColumns]] = {"automobile": assess_automobile, "housing": assess_housing}


def assess_columns(columns: Columns, *, kind: Kind, term: Term, tables: DatedTables) -> AssessedColumns:
    """The bills of rows whose cells are right."""
    if kind.name in COLUMNWISE:
        return COLUMNWISE[kind.name](columns, term=term, tables=tables)
    return assess_each(columns, kind=kind, term=term, tables=tables)


def assess_each(columns: Columns, *, kind: Kind, term: Term, tables: DatedTables) -> AssessedColumns:
    """The same, row by row with the rules of one bill."""
    names = kind.column_names
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
