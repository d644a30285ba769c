from __future__ import annotations

from django.db import connection, transaction


def roll_up() -> int:
    """Add finished postings to the daily totals; repeatable, and nobody who posts waits for it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_roll_up()")
        return int(cursor.fetchone()[0])
