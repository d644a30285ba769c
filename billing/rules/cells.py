"""What no cell of any roll may hold, and what its column asks of it: one cell at a time, or a column at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from billing.rules.columns import Cells, Column, Expected
from billing.rules.kinds import Kind
from billing.rules.payers import not_one_number
from billing.rules.roll_file import CONTROL, Chunk, Problem, shown

FORMULA_STARTS: Final = frozenset("=+-@\t\r")
FULL_WIDTH: Final = re.compile(r"[\uff01-\uff5e\u3000]")
UNCLEAN: Final = re.compile(FULL_WIDTH.pattern[:-1] + CONTROL.pattern[1:])


FORMS: Final[Sequence[tuple[str, Callable[[str, Column], object]]]] = (
    ("too_long", lambda value, column: len(value) > column.most),
    ("formula", lambda value, column: value and value[0] in FORMULA_STARTS),
    ("full_width", lambda value, column: FULL_WIDTH.search(value)),
    ("control", lambda value, column: CONTROL.search(value)),
    ("missing", lambda value, column: column.required and not value.strip()),
    ("format", lambda value, column: value and column.pattern and not column.pattern.fullmatch(value)),
)


def wrong_form(value: str, column: Column) -> str | None:
    """The code of what is wrong with a cell, whatever else stands in its row; None if nothing is."""
    return next((code for code, wrong in FORMS if wrong(value, column)), None)


def wrong_cell(value: str, cells: Cells, column: Column, expected: Expected) -> str | None:
    """The code of what is wrong with a cell of a row, or None."""
    code = wrong_form(value, column)
    if code is None and column.check:
        return column.check(value, cells, expected)
    return code


def wrong_cells(chunk: Chunk, *, kind: Kind, expected: Expected) -> list[Problem]:
    """Every defect of the rows' cells: by row, then in the order of the columns."""
    # A column that a file may leave out is right where it is empty, unless it depends on another one of the row.
    left_out = kind.every_column[len(kind.columns) :]
    optional = [column for column in left_out if column.beside or any(chunk.cells[column.name])]
    columns = [*kind.columns, *optional]
    orders = {column.name: order for order, column in enumerate(columns)}
    found = {
        (place, orders[column.name], code) for column in columns for place, code in _wrong_in(chunk, column, expected)
    }
    found |= {(place, orders[name], code) for place, name, code in not_one_number(chunk.cells)}
    return [
        Problem(
            row=chunk.numbers[place],
            column=columns[order].name,
            code=code,
            shown=shown(columns[order].name, chunk.cells[columns[order].name][place]),
        )
        for place, order, code in sorted(found)
    ]


def _wrong_in(chunk: Chunk, column: Column, expected: Expected) -> Iterator[tuple[int, str]]:
    values = chunk.cells[column.name]
    distinct = set(values)
    codes = (
        {} if _clean(distinct, column) else {value: code for value in distinct if (code := wrong_form(value, column))}
    )
    if column.check and not column.beside:
        codes |= {
            value: code
            for value in distinct
            if value not in codes and (code := column.check(value, {column.name: value}, expected))
        }
    if codes:
        yield from ((place, codes[value]) for place, value in enumerate(values) if value in codes)
    if column.check and column.beside:
        yield from _wrong_beside_others(chunk, column, codes, expected)


def _clean(values: Collection[str], column: Column) -> bool:
    """Whether no cell has a wrong form, found out at once: what `wrong_form` asks, in another order."""
    if column.pattern:
        fits = column.pattern.fullmatch
        if not all(fits(value) for value in values if value):
            return False
    return (
        max(map(len, values)) <= column.most
        and not {value[:1] for value in values} & FORMULA_STARTS
        and not UNCLEAN.search("".join(values))
        and (not column.required or all(value.strip() for value in values))
    )


def _wrong_beside_others(
    chunk: Chunk, column: Column, codes: Collection[str], expected: Expected
) -> Iterator[tuple[int, str]]:
    """Defects that show only beside other cells of the row; the same few combinations come again and again."""
    names = (column.name, *column.beside)
    rows: Sequence[tuple[str, ...]] = list(zip(*(chunk.cells[name] for name in names), strict=True))
    wrong = {}
    for row in set(rows):
        cells = dict(zip(names, row, strict=True))
        if row[0] not in codes and column.check and (code := column.check(row[0], cells, expected)):
            wrong[row] = code
    if wrong:
        yield from ((place, wrong[row]) for place, row in enumerate(rows) if row in wrong)
