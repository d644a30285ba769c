"""A roll spread out in a table of this connection's own, so that the database compares its rows and stages them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import urandom
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from accounts.services import KnownPayer, PayerNumber, Person
from billing.rules.assessed_columns import AssessedColumns
from billing.rules.columns import Term
from billing.rules.kinds import Kind
from billing.rules.payers import numbers_of
from billing.rules.roll_file import Chunk, Problem
from billing.rules.roll_rows import facts_of

# In the temporary table. `payer` stands for whoever a number names and tells nothing of it; `name_mark` for a name.
COLUMNS: Final = (
    "row_number integer, roll_ref text, body_id text, payer uuid, taxpayer_id bigint, name_mark bigint, "
    "object_ref text, facts jsonb, lines jsonb, amount bigint, collected boolean"
)
# Blocks of the temporary table that are staged in one commit, about 50,000 rows.
BLOCKS: Final = 2_500
AUTOMOBILE_TAX: Final = "automobile"
BATCH: Final = 5_000  # newcomers in one commit
# Texts of a COPY: what would end a cell or a row is written as an escape.
ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NULL: Final = r"\N"
ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass
class SpreadRoll:
    """The good rows of a roll that is being checked; nobody else sees them, and they end with the connection."""

    kind: Kind
    term: Term

    def __post_init__(self) -> None:
        self._cipher = AESGCM(AESGCM.generate_key(256))

    def begin(self) -> None:
        self.end()
        _run(f"CREATE TEMPORARY TABLE roll_spread ({COLUMNS})")
        _run("CREATE TEMPORARY TABLE roll_newcomer (payer uuid, row_number integer, closed bytea)")
        _run("CREATE TEMPORARY TABLE roll_introduced (payer uuid PRIMARY KEY, taxpayer_id bigint NOT NULL)")

    def end(self) -> None:
        _run("DROP TABLE IF EXISTS pg_temp.roll_introduced, pg_temp.roll_newcomer, pg_temp.roll_spread")

    def add(self, chunk: Chunk, assessed: AssessedColumns, payers: dict[PayerNumber, KnownPayer]) -> None:
        """Add rows by COPY."""
        with connection.cursor() as cursor, cursor.copy("COPY roll_spread FROM STDIN") as copy:
            copy.write("".join(self._lines(chunk, assessed, payers)))
        if newcomers := [number for number, payer in payers.items() if payer.taxpayer_id is None]:
            self._remember(chunk, set(newcomers), payers)

    def _remember(self, chunk: Chunk, newcomers: set[PayerNumber], payers: dict[PayerNumber, KnownPayer]) -> None:
        """Keep who the payers are that have no record yet: nobody can read it without this run's key."""
        cells = chunk.cells
        people = zip(chunk.numbers, numbers_of(cells), cells["taxpayer_name"], cells["email"], strict=True)
        with connection.cursor() as cursor, cursor.copy("COPY roll_newcomer FROM STDIN") as copy:
            for row, number, name, email in people:
                if number in newcomers:
                    newcomers.remove(number)
                    nonce = urandom(12)
                    closed = nonce + self._cipher.encrypt(nonce, ENCODE([name.strip(), *number, email]).encode(), None)
                    copy.write(f"{payers[number].mark[:16].hex()}\t{row}\t\\\\x{closed.hex()}\n")

    def _lines(self, chunk: Chunk, assessed: AssessedColumns, payers: dict[PayerNumber, KnownPayer]) -> Iterator[str]:
        cells = chunk.cells
        names = self.kind.row_names
        whom = [payers[number] for number in numbers_of(cells)]
        rows = zip(
            chunk.numbers,
            cells["roll_ref"],
            cells["district_code"],
            whom,
            cells["taxpayer_name"],
            self._objects(cells),
            zip(*(cells[name] for name in names), strict=True),
            *bill_lines(assessed, len(chunk)),
            strict=True,
        )
        for number, ref, body, payer, name, thing, row, lines, amount, collected in rows:
            facts = ENCODE(facts_of(dict(zip(names, row, strict=True)), kind=self.kind, term=self.term))
            if "\\" in facts:
                facts = facts.translate(ESCAPES)
            yield (
                f"{number}\t{ref}\t{body}\t{payer.mark[:16].hex()}\t{payer.taxpayer_id or NULL}\t{hash(name.strip())}\t"
                f"{thing.translate(ESCAPES)}\t{facts}\t{lines}\t{amount}\t{collected}\n"
            )

    def _objects(self, cells: Mapping[str, Sequence[str]]) -> Sequence[str]:
        """What each row bills: once in a term."""
        if self.kind.object_of is None:
            return cells[self.kind.object_column]
        names = self.kind.row_names
        rows = zip(*(cells[name] for name in names), strict=True)
        return [self.kind.object_of(dict(zip(names, row, strict=True))) for row in rows]

    def repeats(self, *, most: int) -> list[Problem]:
        """Rows whose reference or object stood in an earlier row, or that give a number another name; `shown` names
        that row."""
        found = []
        for column, name in (("roll_ref", "roll_ref"), (self.kind.object_column, "object_ref")):
            again = _rows(
                f"SELECT row_number, first FROM (SELECT row_number, min(row_number) OVER (PARTITION BY {name}) "  # noqa: S608
                f"AS first FROM roll_spread WHERE {name} IN (SELECT {name} FROM roll_spread GROUP BY 1 "
                "HAVING count(*) > 1)) AS s WHERE row_number > first ORDER BY row_number LIMIT %s",
                [most],
            )
            found += [Problem(row=row, column=column, code="twice_in_file", shown=str(first)) for row, first in again]
        differ = _rows(
            "SELECT row_number, first FROM (SELECT row_number, name_mark, min(row_number) OVER whose AS first, "
            "first_value(name_mark) OVER (whose ORDER BY row_number) AS first_name FROM roll_spread WHERE payer IN "
            "(SELECT payer FROM roll_spread GROUP BY 1 HAVING min(name_mark) <> max(name_mark)) "
            "WINDOW whose AS (PARTITION BY payer)) AS s WHERE name_mark <> first_name ORDER BY row_number LIMIT %s",
            [most],
        )
        return found + [
            Problem(row=row, column="taxpayer_name", code="name_differs", shown=str(first)) for row, first in differ
        ]

    def known_already(self, *, roll_id: int, most: int) -> list[Problem]:
        """Rows that another roll holds, or that are billed for this term."""
        known = _rows(
            "SELECT s.row_number, true, s.roll_ref FROM roll_spread s "
            "JOIN billing_rollrow r ON r.roll_ref = s.roll_ref AND r.roll_id <> %s "
            "UNION SELECT s.row_number, false, s.object_ref FROM roll_spread s "
            "JOIN billing_rollrow r ON r.object_ref = s.object_ref AND r.roll_id <> %s "
            "JOIN billing_levyroll l ON l.id = r.roll_id AND l.status IN ('brought', 'staged', 'approved', 'issuing') "
            "AND l.tax_id = %s AND l.tax_year = %s AND l.term = %s "
            "UNION SELECT s.row_number, false, s.object_ref FROM roll_spread s "
            "JOIN billing_bill b ON b.object_ref = s.object_ref AND b.status IN ('draft', 'issued') "
            "AND b.tax_id = %s AND b.tax_year = %s AND b.term = %s ORDER BY 1, 2 DESC LIMIT %s",
            [roll_id, roll_id, *2 * [self.kind.tax, self.term.year, self.term.number], 2 * most],
        )
        if not self.kind.regular:
            known += self._billed_whole(most=most)
        found: dict[int, Problem] = {}
        for row, by_reference, what in known:
            column = "roll_ref" if by_reference else self.kind.object_column
            found.setdefault(row, Problem(row=row, column=column, code="known_already", shown=what))
        for row, what in self._paid_ahead(most=most):
            found.setdefault(row, Problem(row=row, column=self.kind.object_column, code="prepaid", shown=what))
        return list(found.values())

    def _paid_ahead(self, *, most: int) -> list[tuple[Any, ...]]:
        """Rows of cars for whose half their payer has paid, or is to pay, ahead (연납)."""
        if self.kind.tax != AUTOMOBILE_TAX:
            return []
        return _rows(
            "SELECT s.row_number, b.object_ref FROM roll_spread s JOIN billing_bill b "
            "ON b.object_ref = s.facts ->> %s AND b.taxpayer_id = s.taxpayer_id AND b.status IN ('draft', 'issued') "
            "AND b.tax_id = %s AND b.tax_year = %s AND b.facts -> 'halves' @> to_jsonb(%s::integer) "
            "ORDER BY 1 LIMIT %s",
            [self.kind.object_column, self.kind.tax, self.term.year, self.term.number, most],
        )

    def _billed_whole(self, *, most: int) -> list[tuple[Any, ...]]:
        """Rows for part of a term of which their payer has the regular bill."""
        return _rows(
            "SELECT s.row_number, false, b.object_ref FROM roll_spread s JOIN billing_bill b "
            "ON b.object_ref = s.facts ->> %s AND b.taxpayer_id = s.taxpayer_id AND b.status IN ('draft', 'issued') "
            "AND b.tax_id = %s AND b.tax_year = %s AND b.term = %s ORDER BY 1 LIMIT %s",
            [self.kind.object_column, self.kind.tax, self.term.year, self.term.number, most],
        )

    def introduce_newcomers(self, introduce: Callable[[Sequence[Person]], list[int]]) -> None:
        """Give payers who have no record one, a batch at a time; each is named as in the first row that names them."""
        last: UUID | None = UUID(int=0)
        while last is not None:
            batch = _rows(
                "SELECT DISTINCT ON (payer) payer, closed FROM roll_newcomer WHERE payer > %s "
                "ORDER BY payer, row_number LIMIT %s",
                [last, BATCH],
            )
            ids = introduce([self._opened(bytes(closed)) for _, closed in batch]) if batch else []
            _run(
                "INSERT INTO roll_introduced SELECT * FROM unnest(%s::uuid[], %s::bigint[])",
                [[payer for payer, _ in batch], ids],
            )
            last = batch[-1][0] if batch else None

    def _opened(self, closed: bytes) -> Person:
        name, kind, number, email = json.loads(self._cipher.decrypt(closed[:12], closed[12:], None))
        return Person(name=name, email=email, **{f"{kind}_number": number})

    def stage(self, *, roll_id: int) -> Iterator[int]:
        """Copy the rows into the roll, a part at a time; yields how many each time, for the caller to commit."""
        size = _rows("SELECT pg_relation_size('roll_spread') / current_setting('block_size')::integer", [])[0][0]
        for block in range(0, int(size), BLOCKS):
            yield _run(
                "INSERT INTO billing_rollrow (roll_id, row_number, roll_ref, body_id, taxpayer_id, object_ref, facts, "
                "lines, amount, collected) SELECT %s, s.row_number, s.roll_ref, s.body_id, "
                "coalesce(s.taxpayer_id, n.taxpayer_id), s.object_ref, s.facts, s.lines, s.amount, s.collected "
                "FROM roll_spread s LEFT JOIN roll_introduced n ON n.payer = s.payer "
                "WHERE s.ctid >= %s::tid AND s.ctid < %s::tid",
                [roll_id, f"({block},0)", f"({block + BLOCKS},0)"],
            )


def bill_lines(assessed: AssessedColumns, many: int) -> tuple[Iterator[str], list[int], list[str]]:
    """For each row its lines as JSON, its sum and whether it is collected (t, f), as COPY writes them."""
    taxes = list(assessed.amounts)
    collected = assessed.collected.tolist()
    columns = [assessed.amounts[tax].tolist() for tax in taxes]
    heads = [f'{{"tax":"{tax}","amount":' for tax in taxes]
    rows: Sequence[tuple[int, ...]] = list(zip(*columns, strict=True)) if columns else [()] * many
    lines = (
        "[" + ",".join([f"{head}{won}}}" for head, won in zip(heads, row, strict=True) if won]) + "]" if take else "[]"
        for row, take in zip(rows, collected, strict=True)
    )
    sums = [sum(row) if take else 0 for row, take in zip(rows, collected, strict=True)]
    return lines, sums, ["t" if take else "f" for take in collected]


def _run(statement: str, values: Sequence[Any] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
