"""`manage.py log_check`: recomputes the log from the rows; ends with status 1 and names what does not agree."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import log

MOST: Final = 20


class Command(BaseCommand):
    help = "Recompute every leaf, signed root and window of the log, and compare leaves with the rows they prove."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--printed",
            action="append",
            default=[],
            metavar="SIZE:ROOT",
            help="a root that was printed elsewhere, with the number of leaves it covers; may be given again",
        )

    def handle(self, *args: object, **options: Any) -> None:
        printed = dict(_printed(text) for text in options["printed"])
        found = log.differences(printed=printed, most=MOST)
        for difference in found:
            self.stderr.write(difference)
        if found:
            raise CommandError(f"the log does not hold: {len(found)}{' or more' * (len(found) == MOST)} difference(s)")
        head = log.newest_head()
        self.stdout.write(f"the log holds: {head.size if head else 0} leaves, root {head.root if head else '-'}")
        for part in log.coverage():
            until = part.until.isoformat() if part.until else "-"
            self.stdout.write(f"{part.kind}: {part.rows} rows in {part.windows} windows, all that was done by {until}")


def _printed(text: str) -> tuple[int, str]:
    size, colon, root = text.partition(":")
    if not (colon and size.isdigit() and len(root) == 64):
        raise CommandError(f"--printed {text}: write the number of leaves, a colon, and the root in hexadecimal")
    return int(size), root.lower()
