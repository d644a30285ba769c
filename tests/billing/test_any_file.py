"""No file, however strange, is more than a report: reading and checking rolls never falls over."""

from __future__ import annotations

import io
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.automobile_roll import AUTOMOBILE, COLUMNS
from billing.rules.cells import wrong_cell, wrong_cells
from billing.rules.columns import Column, Expected, Term
from billing.rules.columnwise import assess_columns
from billing.rules.payers import not_one_number
from billing.rules.roll_file import Chunk, CsvRoll, Problem, shown

from .conftest import GOOD, csv_of
from .seoul import tables

TERM = Term(year=2026, number=1, liability_on=date(2026, 6, 1), nominal_due_on=date(2026, 6, 30))
EXPECTED = Expected(term=TERM, bodies=frozenset({"11110"}))
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            *GOOD.values(),
            "",
            "0",
            "-1",
            "=1",
            '"',
            "\r",
            "9" * 30,
            "0000-00-00",
            "2026-13-01",
            "truck",
            "van",
            "special",
        ]
    ),
)

# Without a deadline: a busy machine is no fault of the code.
FEW = settings(max_examples=60, deadline=None)


def check(content: bytes) -> int:
    """The number of rows that could be billed."""
    file = CsvRoll(io.BytesIO(content), COLUMNS, AUTOMOBILE.optional_names)
    chunks = list(file.chunks())
    assert chunks or file.problems
    good = 0
    for chunk in chunks:
        wrong = wrong_cells(chunk, kind=AUTOMOBILE, expected=EXPECTED)
        assert wrong == one_by_one(chunk)
        bad = {problem.row for problem in wrong}
        whole = chunk.only([place for place, number in enumerate(chunk.numbers) if number not in bad])
        assessed = assess_columns(whole.cells, kind=AUTOMOBILE, term=TERM, tables=tables())
        good += len(whole) - len(assessed.refused)
    return good


def one_by_one(chunk: Chunk) -> list[Problem]:
    """The same defects, cell by cell."""
    return [
        Problem(row=number, column=column.name, code=code, shown=shown(column.name, cells[column.name]))
        for place, number in enumerate(chunk.numbers)
        for cells in [{name: values[place] for name, values in chunk.cells.items()}]
        for column in AUTOMOBILE.every_column
        for code in sorted(wrong_in(cells, column))
    ]


def wrong_in(cells: dict[str, str], column: Column) -> set[str]:
    alone = {name: [value] for name, value in cells.items()}
    found = {code for _, name, code in not_one_number(alone) if name == column.name}
    code = wrong_cell(cells[column.name], cells, column, EXPECTED)
    return found | {code} if code else found


@FEW
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_reported(content: bytes) -> None:
    assert check(content) == 0


@FEW
@given(st.dictionaries(st.sampled_from(list(COLUMNS)), CELLS, min_size=1, max_size=6), st.lists(CELLS, max_size=2))
def test_any_cells_are_billed_or_reported(cells: dict[str, str], numbers: list[str]) -> None:
    more = dict(zip(AUTOMOBILE.optional_names, numbers, strict=False))
    header = ",".join([*COLUMNS, *more])
    check(csv_of(cells | more, header=header).encode("utf-8", "surrogatepass"))


@FEW
@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_roll_is_billed_or_reported(place: int, value: int) -> None:
    content = bytearray(csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가4568"}).encode())
    content[place % len(content)] = value
    check(bytes(content))
