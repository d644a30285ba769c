"""The limit of an issue: COPY of the very same rows into the same tables, keys, indexes and triggers on.

Left to the database are only what it gives each row itself: transaction numbers and what a trigger counts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from bench.place import Place

# In the order in which one names the other.
TABLES = (
    "billing_bill",
    "billing_billline",
    "ledger_batch",
    "ledger_journalentry",
    "ledger_posting",
    "core_event",
)
LEFT_TO_THE_DATABASE = {"written_in", "first_entry", "last_entry", "entries"}


@dataclass(frozen=True)
class Rows:
    """A table's rows as COPY reads them."""

    table: str
    columns: str
    content: list[bytes]


def marks(place: Place) -> dict[str, int]:
    """The last number of each table: what comes behind is new."""
    with place.address.connect() as admin:
        found = [admin.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone() for table in TABLES]
    return {table: int(str(row[0])) for table, row in zip(TABLES, found, strict=True) if row}


def take_out(place: Place, since: dict[str, int]) -> list[Rows]:
    """All rows behind the marks."""
    with place.address.connect() as admin:
        taken = []
        for table in TABLES:
            names = admin.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
                "ORDER BY attnum",
                [table],
            ).fetchall()
            columns = ", ".join(f'"{name}"' for (name,) in names if name not in LEFT_TO_THE_DATABASE)
            wanted = f"SELECT {columns} FROM {table} WHERE id > {since[table]} ORDER BY id"
            with admin.cursor().copy(f"COPY ({wanted}) TO STDOUT") as out:
                taken.append(Rows(table, columns, [bytes(piece) for piece in out]))
    return taken


def copy_in(place: Place, parts: list[list[Rows]]) -> float:
    """Seconds for COPY of all of it, from memory, a commit for each part."""
    with place.address.connect(autocommit=False) as admin:
        started = time.perf_counter()
        for part in parts:
            for rows in part:
                with admin.cursor().copy(f"COPY {rows.table} ({rows.columns}) FROM STDIN") as into:
                    for piece in _larger(rows.content):
                        into.write(piece)
            admin.commit()
        return time.perf_counter() - started


def _larger(pieces: list[bytes], size: int = 256) -> list[bytes]:
    return [b"".join(pieces[start : start + size]) for start in range(0, len(pieces), size)]
