"""`manage.py run_debits`: debits what is due by mandate; the worker does it by itself, each minute."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from payments import services


class Command(BaseCommand):
    help = "Debit what is due by mandate, and send what is to be told about it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="everything due until the end of this day")
        parser.add_argument(
            "--before-its-time", action="store_true", help="also a day to come: a rehearsal, never with real money"
        )

    def handle(self, *args: object, **options: Any) -> None:
        at, until = clock.now(), None
        if options["on"]:
            until = datetime.combine(options["on"], time.max, ZoneInfo(settings.TIME_ZONE))
            if options["on"] > clock.local_date(at):
                self._require_rehearsal(options["before_its_time"])
            else:
                until = min(until, at)
        run = services.run_debits(at=at, until=until)
        letters = services.send_letters(at=clock.now())
        self.stdout.write(
            f"{run.made} newly to be debited, {run.tried} tried, {run.concluded} concluded, {letters} letter(s) sent"
        )

    @staticmethod
    def _require_rehearsal(wanted: bool) -> None:
        """A payer was promised the due date."""
        if settings.PRODUCTION:
            raise CommandError("Nobody is debited before the due date.")
        if not wanted:
            raise CommandError("This day is still to come. For a rehearsal add --before-its-time.")
