from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from core.models import LogWindow

MARK: Final = 8  # bytes of each row's hash that a window keeps to name the row
HASH: Final = 32
NAMED: Final = 20


def windows_as_sealed(*, kind: str, source: str) -> Iterator[str]:
    """Recompute every window of a kind from its rows; names the rows that were changed, removed or slipped in."""
    number = 0
    while window := LogWindow.objects.filter(kind=kind, number__gt=number).order_by("number").first():
        if window.number != number + 1:
            yield f"{kind} {number + 1} is missing"
        number = window.number
        content = window.leaf.content
        if (content["number"], content["rows"]) != (window.number, window.rows):
            yield f"{kind} {number} does not agree with its leaf"
            continue
        yield from _rows_of(window, content, source)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM core_outside_windows(%s, %s, %s)", [kind, source, NAMED])
        yield from (f"{kind}: row {row} of {source} was slipped in: no window has it" for (row,) in cursor.fetchall())


def _rows_of(window: LogWindow, content: dict[str, Any], source: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT expected, found, digests FROM core_window_now(%s, %s)", [source, content["ids"]])
        expected, found, digests = cursor.fetchone()
    if hashlib.sha256(bytes(digests)).hexdigest() == content["sha256"]:
        return
    name = f"{window.kind} {window.number} (rows {expected[0]} to {expected[-1]} of {source})"
    then = dict(zip(expected, _pieces(bytes(window.marks), MARK), strict=False))
    now = dict(zip(found, (digest[:MARK] for digest in _pieces(bytes(digests), HASH)), strict=True))
    changed = [f"{name}: row {row} is gone" for row in expected if row not in now]
    changed += [f"{name}: row {row} was changed" for row in found if now[row] != then.get(row)]
    yield from changed[:NAMED] or [f"{name}: not what was sealed"]


def _pieces(data: bytes, width: int) -> list[bytes]:
    return [data[start : start + width] for start in range(0, len(data), width)]
