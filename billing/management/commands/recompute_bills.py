from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.services import Count, recompute_bills


class Command(BaseCommand):
    help = "Compute bills anew from what they keep; names every difference and ends non-zero if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bills", nargs="*", type=int, help="ids of bills; none means all")
        parser.add_argument("--tax", default="", help="only bills of this tax")
        parser.add_argument("--year", type=int, help="only bills of this tax year")
        parser.add_argument("--body", default="", help="only bills of this levying body")

    def handle(self, *args: Any, **options: Any) -> None:
        count, different = Count(), 0
        found = recompute_bills(
            count=count,
            bill_ids=options["bills"],
            tax=options["tax"],
            year=options["year"],
            body=options["body"],
        )
        for bill in found:
            different += 1
            said = bill.problem or f"computes to {bill.computed}"
            self.stdout.write(f"bill {bill.bill_id}: stands at {bill.stands}, {said}")
        self.stdout.write(f"{count.bills} bills computed anew, {different} differ")
        if different:
            raise CommandError(f"{different} bills differ")
