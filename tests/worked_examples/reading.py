"""Reading a file of worked examples; what is wrong with it is said with its line."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

COLUMNS: Final = ("id", "tax", "date", "input_json", "expected_json", "source", "confidence")
NEEDED: Final = COLUMNS[:5]
YEAR: Final = re.compile(r"(19|20)\d{2}")
DAY: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


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
    def day(self) -> date:
        """The date, or its first day where it names only a month or a year."""
        found = DAY.match(self.when)
        return date(self.year, self.month, int(found[3]) if found and found[3] else 1)


class Unclear(LookupError):
    """The row doesn't say enough, or speaks of something that these rules don't compute."""


def read_examples(path: Path) -> list[Example]:
    """Every row of the file. Raises BadFile."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise BadFile(f"{path}: the text is not UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise BadFile(f"{path}: line 1: these columns are missing: {', '.join(missing)}")
        rows = [_example(path, reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BadFile(f"{path}: line {reader.line_num}: {error}") from error
    if not rows:
        raise BadFile(f"{path}: holds no examples")
    return rows


def _example(path: Path, line: int, row: dict[str, Any]) -> Example:
    where = f"{path}: line {line}"
    if None in row or any(row[name] is None for name in NEEDED):
        raise BadFile(f"{where}: another number of cells than the header has")
    if not row["id"].strip():
        raise BadFile(f"{where}: the row has no id")
    return Example(
        id=row["id"].strip(),
        tax=row["tax"].strip(),
        when=row["date"].strip(),
        facts=_object(f"{where}: input_json", row["input_json"]),
        expected=_object(f"{where}: expected_json", row["expected_json"]),
        source=row.get("source") or "",
    )


def _object(where: str, cell: str) -> dict[str, Any]:
    try:
        content = json.loads(cell)
    except ValueError as error:
        raise BadFile(f"{where}: {error}") from error
    if not isinstance(content, dict):
        raise BadFile(f"{where}: not an object {{…}}")
    return content
