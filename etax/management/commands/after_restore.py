"""`manage.py after_restore`: once, after a logical restore into a new cluster and before anything else runs.

A physical copy (base backup and WAL) keeps transaction numbers and needs nothing.
"""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.db import connection, transaction

# Tables whose rows stand in windows of the log, by the kind of window.
WINDOWS = {"journal.window": "ledger_journalentry", "audit.window": "core_auditrecord"}


class Command(BaseCommand):
    help = "Mend transaction numbers that another cluster gave (see docs/adr/0003)."

    def handle(self, *args: object, **options: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT core_forget_transactions('core_logleaf')")
            for kind, table in WINDOWS.items():
                cursor.execute("SELECT core_windows_after_restore(%s, %s)", [kind, table])
            cursor.execute("DELETE FROM ledger_dailytotal")
            cursor.execute("UPDATE ledger_rollupmark SET up_to = 0")
        self.stdout.write("transaction numbers are mended; the next jobs seal and add up from here")
