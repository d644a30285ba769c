"""`manage.py reconcile`: compares gateways, banks and books at the end of a business day; can be run again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.errors import Refusal
from payments.reconcile.compare import reconcile, reconcile_recent


class Command(BaseCommand):
    help = "Compare gateways, banks and books of a business day, or of the last ten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="one business day, as 2026-06-15")

    def handle(self, *args: object, **options: Any) -> None:
        at = clock.now()
        try:
            compared = [reconcile(day=options["day"], at=at)] if options["day"] else reconcile_recent(at=at)
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from None
        for one in compared:
            silent = "".join(f", {name} did not answer" for name in one.unanswered)
            self.stdout.write(f"{one.day}: {'green' if one.green else f'{one.differences} difference(s){silent}'}")
