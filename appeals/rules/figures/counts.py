"""Which counts of linked tables are withheld, so that none of them can be computed from those that are told.

A small count is withheld. As rows and columns add up, others are withheld with it (complementary suppression): for each
small count there are tables that agree with everything told in which it is nothing, and in which it is no small one.
Such tables are looked for by CP-SAT, at the least loss; the cells in which they differ from the true ones are withheld.
So what is asked for holds by construction, and withholding more later takes nothing away from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ortools.sat.python import cp_model

from appeals.rules.solving import exact_solver

# Of a row or a column: all of it; of the tables: what each of them comes to. No code is empty.
ALL: Final = ""
# Table, row, column.
Cell = tuple[str, str, str]
Counts = Mapping[str, Mapping[str, Mapping[str, int]]]
# What it costs to withhold a cell in which there is nothing; more, where its whole row is empty and everybody knows.
NOTHING: Final = 3
EMPTY_ROW: Final = 50


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Tables of the same cases, each by its own rows and all by the same columns: `counts` by table, row and column.

    `known`: tables that are made as if it were known what each column comes to, whether or not that is told.
    """

    columns: Sequence[str]
    counts: Counts
    known: frozenset[str] = frozenset()

    @cached_property
    def true(self) -> dict[Cell, int]:
        """Every cell with its count, margins among them; tables of the same cases come to the same."""
        found: dict[Cell, int] = {}
        for table, rows in self.counts.items():
            for row, told in rows.items():
                found |= {(table, row, column): told.get(column, 0) for column in self.columns}
                found[table, row, ALL] = sum(told.get(column, 0) for column in self.columns)
        first = next(iter(self.counts))
        for column in (*self.columns, ALL):
            found[ALL, ALL, column] = sum(found[first, row, column] for row in self.counts[first])
        return found

    def primary(self, least: int) -> Iterator[tuple[Cell, int, int | None]]:
        """Cells that are withheld for what they are, each with what it has to be able to be: at least, at most."""
        for cell, count in self.true.items():
            table, row, column = cell
            if 0 < count < least:
                yield cell, 0, 0
                most = self.true[ALL, ALL, column] if table in self.known else least
                yield cell, min(least, most), None
            elif count and ALL not in (row, column) and count == self.true[table, row, ALL]:
                yield cell, 0, count - 1  # it tells what everybody in the row got


def withheld(tables: Tables, *, least: int) -> frozenset[Cell]:
    """Cells that are not told; `least`: the smallest count, beside nothing, that is.

    >>> counts = {"tax": {"a": {"x": 9, "y": 1}, "b": {"x": 8, "y": 7}}}
    >>> sorted(withheld(Tables(columns=["x", "y"], counts=counts), least=5))
    [('tax', 'a', 'x'), ('tax', 'a', 'y'), ('tax', 'b', 'x'), ('tax', 'b', 'y')]
    """
    asked = list(tables.primary(least))
    hidden = {cell for cell, _low, _high in asked}
    # First those whose columns are taken as known: what is withheld for the others must not undo them, and can't.
    for cell, low, high in sorted(asked, key=lambda one: one[0][0] not in tables.known):
        _hide(tables, hidden, cell, low=low, high=high)
    return frozenset(hidden)


def _hide(tables: Tables, hidden: set[Cell], cell: Cell, *, low: int, high: int | None) -> None:
    """Withhold what has to be, so that this cell could as well be within `low` and `high`."""
    model, true = cp_model.CpModel(), tables.true
    fixed = cell[0] in tables.known
    most = true[ALL, ALL, ALL] + (0 if fixed else low)
    could = {one: model.new_int_var(0, most, "") for one in true}
    told = {one: model.new_bool_var("") for one in true if one not in hidden}
    for one, is_told in told.items():
        model.add(could[one] == true[one]).only_enforce_if(is_told)
    for column in (*tables.columns, ALL) if fixed else ():
        model.add(could[ALL, ALL, column] == true[ALL, ALL, column])
    model.add(could[cell] >= low)
    if high is not None:
        model.add(could[cell] <= high)
    _adds_up(tables, model, could)
    model.minimize(sum(_loss(true, one) * (1 - is_told) for one, is_told in told.items()))
    solver = exact_solver()
    if solver.solve(model) != cp_model.OPTIMAL:  # one row, and known columns: nothing of the table can be told
        hidden.update(one for one in true if one[0] == cell[0])
        return
    hidden.update(one for one, is_told in told.items() if not solver.boolean_value(is_told))


def _adds_up(tables: Tables, model: cp_model.CpModel, could: Mapping[Cell, cp_model.IntVar]) -> None:
    for table, rows in tables.counts.items():
        for row in rows:
            model.add(could[table, row, ALL] == sum(could[table, row, column] for column in tables.columns))
        for column in (*tables.columns, ALL):
            model.add(could[ALL, ALL, column] == sum(could[table, row, column] for row in rows))


def _loss(true: Mapping[Cell, int], cell: Cell) -> int:
    count = true[cell]
    if count == 0:
        return NOTHING if true[cell[0], cell[1], ALL] else EMPTY_ROW
    return 1 + count
