from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Role
from accounts.selectors.officers import all_officers
from billing import selectors, services
from billing.progress import Bar
from core import clock
from core.errors import Refusal


class Command(BaseCommand):
    help = "Read a levy roll (CSV or Parquet) on the worker's machine, compute its taxes and stage it for approval."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tax", required=True, help="a kind of roll, such as automobile or housing")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--term", type=int, required=True)
        parser.add_argument("--officer", required=True, help="e-mail address of the assessor who brings the roll")

    def handle(self, *args: object, **options: object) -> None:
        path, bar = options["file"], Bar(sys.stderr, quiet=not options["verbosity"])
        assert isinstance(path, Path)  # noqa: S101 (argparse made it one)
        officer = next((one for one in all_officers() if one.email == options["officer"]), None)
        if officer is None or Role.ASSESSOR not in officer.roles:
            raise CommandError(f"no assessor has the e-mail address {options['officer']}")
        try:
            with path.open("rb") as file:
                roll_id = services.import_roll(
                    content=file,
                    file_name=path.name,
                    tax=str(options["tax"]),
                    year=int(str(options["year"])),
                    term=int(str(options["term"])),
                    uploaded_by_id=officer.account_id,
                    office=officer.body,
                    at=clock.now(),
                    told=lambda *, read, kept, of: bar.show(read + kept, 2 * of),
                )
        except (OSError, Refusal) as error:
            raise CommandError(str(getattr(error, "message", error))) from error
        finally:
            bar.end()
        preview = selectors.preview(roll_id=roll_id)
        summary = f"roll {roll_id}: {preview.roll.status}, {preview.roll.row_count} rows, {preview.amount} won"
        if preview.roll.problem_count:
            raise CommandError(f"{summary}; {preview.roll.problem_count} defects, listed on the roll's page")
        self.stdout.write(summary)
