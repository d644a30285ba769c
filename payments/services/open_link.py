"""Whoever holds a link to pay looks at it, and opens it in one browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction


@dataclass(frozen=True)
class LinkStanding:
    """`standing`: `open`, `mine` (opened in this browser), `elsewhere`, `expired`, `withdrawn` or `changed` (none of
    its bills is in force any more).
    """

    standing: str
    bills: int
    expires_at: datetime

    @property
    def opens(self) -> bool:
        return self.standing in {"open", "mine"}


def look_at_link(*, secret: str) -> LinkStanding | None:
    """How a link stands; it opens nothing, since programs look at links before people do. None: there is none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT payments_look_at_link(%s)", [secret])
        found = cursor.fetchone()[0]
    if found is None:
        return None
    facts = json.loads(found) if isinstance(found, str) else found
    return LinkStanding(facts["standing"], facts["bills"], datetime.fromisoformat(facts["expires_at"]))


def open_link(*, secret: str) -> list[int]:
    """The bills of a link, which the running session sees from now on; empty where it does not open here (any more)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT payments_open_link(%s)", [secret])
        return list(cursor.fetchone()[0] or [])
