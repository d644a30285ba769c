"""Reading a levy roll's file: its encoding, its header, its rows; every defect named by row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

BOM = b"\xef\xbb\xbf"
SHOWN_AT_MOST = 60
# A file with so many rows of another width is not a roll: reading stops, and the first ones are named.
BROKEN_ROWS_AT_MOST = 1000
# Columns whose content never appears in a report.
SECRET_COLUMNS = frozenset({"resident_number"})
FORMULA = re.compile(r"[=+\-@\t\r]")
FULL_WIDTH = re.compile(r"[\uff01-\uff5e\u3000]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A defect. The header is row 1; `column` is empty where a whole row or file is meant."""

    row: int
    code: str
    column: str = ""
    shown: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int
    cells: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RollFile:
    encoding: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def shown(column: str, value: str) -> str:
    """What a report may show of a cell: cut short, and nothing of a person's number.

    >>> shown("half", "one"), shown("resident_number", "900101-9000000"), len(shown("taxpayer_name", "x" * 5000))
    ('one', '', 60)
    """
    if column in SECRET_COLUMNS:
        return ""
    value = CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)
    return value if len(value) <= SHOWN_AT_MOST else value[: SHOWN_AT_MOST - 1] + "…"


def read_roll(content: bytes, *, columns: Sequence[str]) -> RollFile:
    """Rows of a CSV file in UTF-8 (with or without byte order mark) or CP949, and all that is wrong with its form."""
    encoding, text, problem = _decode(content)
    if problem is not None:
        return RollFile(encoding="", rows=(), problems=(problem,))
    rows, problems = _read_rows(text, columns)
    return RollFile(encoding=encoding, rows=tuple(rows), problems=tuple(problems))


def _decode(content: bytes) -> tuple[str, str, Problem | None]:
    candidates = ["utf-8-sig"] if content.startswith(BOM) else ["utf-8", "cp949"]
    failed_at = 0
    for encoding in candidates:
        try:
            return encoding, content.decode(encoding), None
        except UnicodeDecodeError as error:
            failed_at = max(failed_at, error.start)
    return "", "", Problem(row=content.count(b"\n", 0, failed_at) + 1, code="encoding")


def _read_rows(text: str, columns: Sequence[str]) -> tuple[list[Row], list[Problem]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    header: list[str] | None = None
    try:
        for number, cells in enumerate(reader, 1):
            if header is None:
                header = cells
                problems += _check_header(cells, columns)
                if problems:
                    return [], problems
            elif cells:
                if len(cells) != len(header):
                    if len(problems) == BROKEN_ROWS_AT_MOST:
                        break
                    problems.append(Problem(row=number, code="cells", shown=f"{len(cells)}/{len(header)}"))
                else:
                    rows.append(Row(number=number, cells=dict(zip(header, cells, strict=True))))
    except csv.Error:
        problems.append(Problem(row=reader.line_num, code="quotes"))
    if header is None or not (rows or problems):
        problems.append(Problem(row=1 if header is None else 2, code="no_rows"))
    return rows, problems


def _check_header(cells: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    missing = [Problem(row=1, column=name, code="header_missing") for name in columns if name not in cells]
    unknown = [
        Problem(row=1, column=shown("", name)[:40], code="header_unknown", shown=shown("", name))
        for name in cells
        if name not in columns
    ]
    twice = [Problem(row=1, column=name, code="header_twice") for name in columns if list(cells).count(name) > 1]
    return missing + unknown[: len(columns)] + twice


def check_cell(row: Row, column: str, *, most: int) -> Problem | None:
    """What no cell of any roll may hold: formulas, full-width characters, control characters, too much."""
    value = row.cells[column]
    code = None
    if len(value) > most:
        code = "too_long"
    elif FORMULA.match(value):
        code = "formula"
    elif FULL_WIDTH.search(value):
        code = "full_width"
    elif CONTROL.search(value):
        code = "control"
    return Problem(row=row.number, column=column, code=code, shown=shown(column, value)) if code else None
