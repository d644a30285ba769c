"""Reading a file of worked examples. What is wrong with the file, or with one of its rows, is said with its line."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from .values import Unclear

COLUMNS: Final = ("id", "tax", "date", "input_json", "expected_json", "source", "confidence")
NEEDED: Final = COLUMNS[:5]
YEAR: Final = re.compile(r"(19|20)\d{2}")
DAY: Final = re.compile(r"\s*(\d{4})(?:\s*[-./년]\s*(\d{1,2}))?(?:\s*[-./월]\s*(\d{1,2}))?")
LONGEST_CELL: Final = 10_000_000


class BadFile(Exception):
    """The file can't be read as worked examples; the text says where."""


@dataclass(frozen=True, kw_only=True)
class Example:
    id: str
    tax: str
    when: str
    facts: dict[str, Any]
    expected: dict[str, Any]
    source: str = ""
    fault: str = ""  # why the row can't be read

    @property
    def year(self) -> int:
        """The tax year: named, or the first year in the date. Raises Unclear."""
        named = self.facts.get("year")
        found = YEAR.search(self.when)
        if named is None and found is None:
            raise Unclear("no year is named")
        return int(named if named is not None else found.group() if found else 0)

    @property
    def month(self) -> int:
        """The month of the date, January where it names none."""
        found = DAY.match(self.when)
        return int(found[2]) if found and found[2] else 1

    @property
    def half(self) -> int | None:
        """The half of the year in which the date lies, None where it names no month."""
        found = DAY.match(self.when)
        return (1 if self.month <= 6 else 2) if found and found[2] else None

    @property
    def day(self) -> date:
        """The date, or its first day where it names only a month or a year. ValueError where there is no such day."""
        found = DAY.match(self.when)
        return date(self.year, self.month, int(found[3]) if found and found[3] else 1)


def read_examples(path: Path) -> list[Example]:
    """Every row of the file, one that can't be read with its fault. Raises BadFile."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise BadFile(f"{path}: the text is not UTF-8") from None
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in header]
        if missing:
            raise BadFile(f"{path}: line 1: these columns are missing: {', '.join(missing)}")
        rows = [_example(reader.line_num, header, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise BadFile(f"{path}: line {reader.line_num}: {error}") from error
    if not rows:
        raise BadFile(f"{path}: holds no examples")
    return rows


def _example(line: int, header: list[str], cells: list[str]) -> Example:
    row = dict(zip(header, cells, strict=False))
    try:
        if len(cells) != len(header):
            raise Unclear("another number of cells than the header has")
        if not row["id"].strip():
            raise Unclear("the row has no id")
        facts, expected = (_object(name, row[name]) for name in ("input_json", "expected_json"))
    except Unclear as error:
        name = row.get("id", "").strip() or f"line {line}"
        return Example(id=name, tax="", when="", facts={}, expected={}, fault=f"line {line}: {error}")
    return Example(
        id=row["id"].strip(),
        tax=row["tax"].strip(),
        when=row["date"].strip(),
        facts=facts,
        expected=expected,
        source=row.get("source", ""),
    )


def _object(name: str, cell: str) -> dict[str, Any]:
    try:
        content = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise Unclear(f"{name}: {error}") from error
    if not isinstance(content, dict):
        raise Unclear(f"{name}: not an object {{…}}")
    return content
