"""`manage.py take_bank_file FILE --bank 088`: stores a bank's file, posts it and says what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import Refusal
from payments import services
from payments.bankfiles.refusals import told
from payments.bankfiles.safe_xml import MOST_BYTES
from payments.bankfiles.states import FileStatus
from payments.bankfiles.summary import summary


class Command(BaseCommand):
    help = "Take a bank's notice (camt.054), statement (camt.053) or status report (pain.002)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--bank", required=True, help="the bank's three digits, such as 088")

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            at = clock.now()
            number = services.bring_bank_file(content=content, bank_code=options["bank"], name=path.name, at=at)
        except (OSError, Refusal) as error:
            raise CommandError(str(error)) from error
        services.post_bank_file(file_id=number, at=at)
        found = summary(file_id=number)
        if found.status == FileStatus.REFUSED:
            raise CommandError(told(found.reason, found.difference))
        self.stdout.write(f"file {number}: {found.status}, {found.kind} {found.message_number}")
        for fate in found.fates:
            self.stdout.write(f"  {fate.fate}: {fate.lines} lines, {fate.amount}")
