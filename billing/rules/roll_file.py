"""Reading a levy roll's file: its encoding, its header, its rows; every defect named by row and column."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, Final, Protocol

PARQUET: Final = b"PAR1"  # how a Parquet file begins
BOM: Final = b"\xef\xbb\xbf"
SHOWN_AT_MOST: Final = 60
ROWS_A_CHUNK: Final = 20_000
# A file with so many rows of another width is not a roll: reading stops, and the first ones are named.
BROKEN_ROWS_AT_MOST: Final = 1000
# No row of a roll is longer; what is comes in parts and is reported, instead of filling the memory.
LONGEST_LINE: Final = 1_000_000
# Columns whose content never appears in a report.
SECRET_COLUMNS: Final = frozenset({"resident_number", "business_number", "corporate_number"})
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A defect. The header is row 1; `column` is empty where a whole row or file is meant."""

    row: int
    code: str
    column: str = ""
    shown: str = ""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Some rows of a roll, column by column; `numbers` are the rows' numbers in the file."""

    numbers: Sequence[int]
    cells: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, places: Sequence[int]) -> Chunk:
        """The rows at these places."""
        cells = {name: [values[place] for place in places] for name, values in self.cells.items()}
        return Chunk(numbers=[self.numbers[place] for place in places], cells=cells)


class Roll(Protocol):
    """A file being read. `problems` grows while the chunks are taken; `encoding` is empty where none fits.

    `rows_expected` is about how many rows there are.
    """

    @property
    def encoding(self) -> str: ...
    @property
    def rows_expected(self) -> int: ...
    @property
    def problems(self) -> list[Problem]: ...
    def chunks(self, *, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]: ...


def shown(column: str, value: str) -> str:
    """What a report may show of a cell: cut short, and nothing of a person's number.

    >>> shown("half", "one"), shown("resident_number", "900101-9000000"), len(shown("taxpayer_name", "x" * 5000))
    ('one', '', 60)
    """
    if column in SECRET_COLUMNS:
        return ""
    value = CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)
    return value if len(value) <= SHOWN_AT_MOST else value[: SHOWN_AT_MOST - 1] + "…"


def check_header(names: Sequence[str], columns: Sequence[str], optional: Sequence[str] = ()) -> list[Problem]:
    """`optional` columns may be missing."""
    known = [*columns, *optional]
    missing = [Problem(row=1, column=name, code="header_missing") for name in columns if name not in names]
    unknown = [
        Problem(row=1, column=shown("", name)[:40], code="header_unknown", shown=shown("", name))
        for name in names
        if name not in known
    ]
    twice = [Problem(row=1, column=name, code="header_twice") for name in known if list(names).count(name) > 1]
    return missing + unknown[: len(columns)] + twice


@dataclass
class CsvRoll:
    """A CSV file in UTF-8 (with or without byte order mark) or CP949; read from its beginning, in one go.

    It may leave `optional` columns out; their cells are empty then.
    """

    file: BinaryIO
    columns: Sequence[str]
    optional: Sequence[str] = ()
    encoding: str = ""
    rows_expected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        candidates = ["utf-8-sig"] if self.file.read(len(BOM)) == BOM else ["utf-8", "cp949"]
        failed_at = 0
        for encoding in candidates:
            lines, row = _lines(self.file, encoding)
            if row is None:
                self.encoding, self.rows_expected = encoding, max(lines - 1, 0)
                return
            failed_at = max(failed_at, row)
        self.problems.append(Problem(row=failed_at, code="encoding"))

    def chunks(self, *, rows: int = ROWS_A_CHUNK) -> Iterator[Chunk]:
        if not self.encoding:
            return
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.encoding, newline="")
        try:
            yield from self._chunks(text, rows)
        finally:
            text.detach()

    def _chunks(self, text: io.TextIOWrapper, rows: int) -> Iterator[Chunk]:
        reader = csv.reader(iter(partial(text.readline, LONGEST_LINE), ""), strict=True)
        header, first, seen, ended = self._header(reader), 2, False, False
        while header and not ended:
            taken, ended = self._take(reader, rows)
            chunk = self._whole_rows(taken, header, first)
            first += len(taken)
            if len(chunk):
                seen = True
                yield chunk
        if header and not seen and not self.problems:
            self.problems.append(Problem(row=2, code="no_rows"))

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        """The names of the columns; empty where they aren't a roll's."""
        try:
            header = next(reader, None)
        except csv.Error:
            self.problems.append(Problem(row=1, code="quotes"))
            return []
        if header is None:
            self.problems.append(Problem(row=1, code="no_rows"))
            return []
        self.problems += check_header(header, self.columns, self.optional)
        return [] if self.problems else header

    def _take(self, reader: Iterator[list[str]], rows: int) -> tuple[list[list[str]], bool]:
        """Up to `rows` rows, and whether there are no more that can be read."""
        taken: list[list[str]] = []
        try:
            for cells in reader:
                taken.append(cells)
                if len(taken) == rows:
                    return taken, False
        except csv.Error:
            line = reader.line_num  # type: ignore[attr-defined]
            self.problems.append(Problem(row=line, code="quotes"))
        return taken, True

    def _whole_rows(self, taken: Sequence[Sequence[str]], header: Sequence[str], first: int) -> Chunk:
        """The rows as wide as the header; an empty line is none, another width is a defect."""
        numbers: Sequence[int] = range(first, first + len(taken))
        if set(map(len, taken)) - {len(header)}:
            numbers, taken = self._sorted_out(taken, len(header), first)
        cells = dict(zip(header, zip(*taken, strict=True), strict=True)) if taken else {}
        cells |= dict.fromkeys(set(self.optional) - set(header), ("",) * len(taken))
        return Chunk(numbers=numbers, cells=cells)

    def _sorted_out(
        self, taken: Sequence[Sequence[str]], width: int, first: int
    ) -> tuple[list[int], list[Sequence[str]]]:
        numbers, whole = [], []
        for number, cells in enumerate(taken, first):
            if len(cells) == width:
                numbers.append(number)
                whole.append(cells)
            elif cells and len(self.problems) < BROKEN_ROWS_AT_MOST:
                self.problems.append(Problem(row=number, code="cells", shown=f"{len(cells)}/{width}"))
        return numbers, whole


def _lines(file: BinaryIO, encoding: str) -> tuple[int, int | None]:
    """How many lines there are, and the row with the first byte that isn't text in this encoding."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    while True:
        piece = file.read(1 << 20)
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            return lines, lines + error.object.count(b"\n", 0, error.start) + 1
        if not piece:
            return lines, None
        lines += piece.count(b"\n")
