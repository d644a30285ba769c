"""`manage.py atm_replay 088 messages.bin`: a bank's own file of messages through the host's steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments.atm.replay import replay
from payments.atm.words import Malformed


class Command(BaseCommand):
    help = "Put a bank's own file of messages through the host; what is known changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bank", help="its code, as in field 32")
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
            for line in replay(bank=options["bank"], data=data):
                self.stdout.write(line)
        except (OSError, Malformed) as error:
            raise CommandError(str(error)) from error
