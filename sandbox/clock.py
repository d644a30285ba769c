"""The sandbox's own clock: it can be moved forward, so that due dates pass without waiting."""

from __future__ import annotations

import sqlite3
import time
from datetime import datetime, timedelta, timezone

CITY = timezone(timedelta(hours=9), "KST")
SCHEMA = "CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), ahead INTEGER NOT NULL);"


class Clock:
    """Seconds since 1970, plus what was added by hand (kept in the store: time never runs backwards at a restart)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.executescript(SCHEMA)
        self._connection = connection
        row = connection.execute("SELECT ahead FROM clock").fetchone()
        self._ahead: int = row["ahead"] if row else 0

    def now(self) -> int:
        return int(time.time()) + self._ahead

    def advance(self, seconds: int) -> None:
        self._ahead += seconds
        self._connection.execute("INSERT OR REPLACE INTO clock (one, ahead) VALUES (1, ?)", (self._ahead,))


def iso(at: int) -> str:
    """ISO 8601 in city time.

    >>> iso(0)
    '1970-01-01T09:00:00+09:00'
    """
    return datetime.fromtimestamp(at, CITY).isoformat(timespec="seconds")


def parse(text: str) -> int:
    """Seconds since 1970 of an ISO date-time; without offset it is city time. ValueError if it is none."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        value = value.replace(tzinfo=CITY)
    try:
        return int(value.timestamp())
    except OverflowError as error:
        raise ValueError(text) from error


def city_date(at: int) -> str:
    return datetime.fromtimestamp(at, CITY).date().isoformat()
