"""`manage.py after_restore`: once, after a logical restore into a new cluster and before anything else runs.

A physical copy (base backup and WAL) keeps transaction numbers and needs nothing.
"""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.db import connection, transaction

TABLES = ("core_logleaf", "ledger_journalentry")


class Command(BaseCommand):
    help = "Mend transaction numbers that another cluster gave (see docs/adr/0003)."

    def handle(self, *args: object, **options: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute("SELECT core_forget_transactions(%s)", [table])
            cursor.execute("DELETE FROM ledger_dailytotal")
            cursor.execute("UPDATE ledger_rollupmark SET up_to = 0")
        self.stdout.write("transaction numbers are mended; the next jobs seal and add up from here")
