"""Where caught mail is kept: the newest messages, and not more than a bounded number of bytes."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from sandbox.clock import iso
from sandbox.store import transaction

MOST_MESSAGES = 1000
MOST_BYTES = 200 * 1024 * 1024
SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at INTEGER NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    size INTEGER NOT NULL,
    raw BLOB NOT NULL
);
"""


@dataclass(frozen=True)
class Kept:
    id: int
    received_at: int
    sender: str
    recipients: list[str]
    subject: str
    raw: bytes

    def summary(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "receivedAt": iso(self.received_at),
            "from": self.sender,
            "to": self.recipients,
            "subject": self.subject,
        }


class Box:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, *, sender: str, recipients: list[str], subject: str, raw: bytes) -> None:
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO message (received_at, sender, recipients, subject, size, raw) VALUES (?, ?, ?, ?, ?, ?)",
                (int(time.time()), sender, json.dumps(recipients), subject, len(raw), raw),
            )
            self._db.execute(
                "DELETE FROM message WHERE id IN (SELECT id FROM (SELECT id, sum(size) OVER newest AS bytes,"
                " row_number() OVER newest AS place FROM message WINDOW newest AS (ORDER BY id DESC))"
                " WHERE place > ? OR (bytes > ? AND place > 1))",
                (MOST_MESSAGES, MOST_BYTES),
            )

    def listed(self, *, to: str = "", subject: str = "", after: int = 0, limit: int = 100) -> list[Kept]:
        """Newest first, without their bodies."""
        rows = self._db.execute(
            "SELECT id, received_at, sender, recipients, subject, x'' AS raw FROM message"
            " WHERE id > ? ORDER BY id DESC LIMIT ?",
            (after, MOST_MESSAGES),
        )
        found = []
        for kept in map(_kept, rows):
            addressed = not to or to.lower() in (recipient.lower() for recipient in kept.recipients)
            if addressed and subject in kept.subject:
                found.append(kept)
        return found[:limit]

    def get(self, message_id: int) -> Kept | None:
        row = self._db.execute(
            "SELECT id, received_at, sender, recipients, subject, raw FROM message WHERE id = ?",
            (min(message_id, 2**62),),
        ).fetchone()
        return _kept(row) if row else None

    def empty(self) -> None:
        self._db.execute("DELETE FROM message")


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(**{**dict(row), "recipients": json.loads(row["recipients"])})
