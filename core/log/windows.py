"""Windows: rows of tables that are too busy for a leaf each, sealed behind the writes (see `core/sql/windows.sql`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum

from core.models import LogSeal, LogWindow, WindowMark

# Rows of one window: checking one stays cheap, and ten million entries are ten thousand leaves.
WIDTH: Final = 1_000
# Rows of one transaction: a backlog is worked off in steps, so that the log is not held up meanwhile.
MOST: Final = 100_000


@dataclass(frozen=True)
class Coverage:
    """How much of one table is sealed: `rows` in `windows`, and everything that was finished by `until`."""

    kind: str
    windows: int
    rows: int
    until: datetime | None


def close_windows(*, kind: str, source: str, at: datetime, width: int = WIDTH, most: int = MOST) -> int:
    """Close windows over what is finished; `source` is a view of lines. Returns how many rows got their window."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT core_close_windows(%s, %s, %s, %s, %s)", [kind, source, width, most, at])
        return int(cursor.fetchone()[0])


def close_all_windows(*, at: datetime) -> int:
    """Close the windows of every table named in `settings.LOG_WINDOWS` (kind to view, bound in `etax/wiring.py`)."""
    done = 0
    for kind, source in settings.LOG_WINDOWS.items():
        while taken := close_windows(kind=kind, source=source, at=at):
            done += taken
            if taken < MOST:
                break
    return done


def coverage() -> list[Coverage]:
    """Of each table: how far its windows are sealed in the tree. A window whose leaf still waits does not count."""
    return [_coverage(kind) for kind in settings.LOG_WINDOWS]


def _coverage(kind: str) -> Coverage:
    sealed = LogWindow.objects.filter(Exists(LogSeal.objects.filter(leaf_id=OuterRef("leaf_id"))), kind=kind)
    newest = sealed.order_by("-number").values_list("number", "until").first()
    mark = WindowMark.objects.filter(kind=kind).values_list("number", "covered_until").first()
    number, until = newest or (0, None)
    rows = sealed.aggregate(total=Sum("rows"))["total"] or 0
    return Coverage(kind, number, rows, mark[1] if mark is not None and mark[0] == number else until)
