"""`manage.py ledger_check`: proves the books; ends with status 1 and the difference named if they don't hold."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import checks, selectors


class Command(BaseCommand):
    help = "Prove that the books balance and agree with the bills and payments."

    def handle(self, *args: object, **options: object) -> None:
        differences = checks.run_all()
        for difference in differences:
            self.stderr.write(f"{difference.name}: ledger {difference.ledger}, elsewhere {difference.elsewhere}")
        if differences:
            raise CommandError(f"the books don't hold: {len(differences)} difference(s)")
        lines = selectors.trial_balance()
        debit = sum(line.debit for line in lines)
        sides = f"debits {debit:,} {settings.ETAX_CURRENCY}, credits the same"
        self.stdout.write(f"the books balance: {len(lines)} accounts, {sides}")
