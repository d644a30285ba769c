"""Totals are added up behind the writes, by a job."""

from __future__ import annotations

from django.db import connection, transaction


def roll_up() -> int:
    """Add finished postings to the daily totals; repeatable, and nobody who posts waits for it.

    Returns the number of accounts and days it touched.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_roll_up()")
        touched = int(cursor.fetchone()[0])
    with connection.cursor() as cursor:  # by itself: its lock is held no longer than it takes
        cursor.execute("SELECT ledger_summarise()")
    return touched
