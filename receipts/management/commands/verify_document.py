"""`manage.py verify_document receipt.pdf …`: what each file is worth; ends with status 1 unless all are genuine."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from receipts.services import check_file
from receipts.signing.verify import Verdict


class Command(BaseCommand):
    help = "Say whether files are genuine documents of this city: signature, every byte, and the register."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: object, files: list[Path], **options: object) -> None:
        verdicts = []
        for file in files:
            checked = check_file(pdf=file.read_bytes(), at=clock.now())
            verdicts.append(checked.verdict)
            entry = f", number {checked.entry.number}" if checked.entry else ""
            self.stdout.write(f"{file}: {checked.verdict.value}{entry}")
        if set(verdicts) != {Verdict.GENUINE}:
            sys.exit(1)
