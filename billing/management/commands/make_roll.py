from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.levying_bodies import district_codes
from billing.sample_roll import write_sample_roll


class Command(BaseCommand):
    help = "Write a levy roll of automobile tax with invented people, spread over the city's districts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, required=True)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--year", type=int, default=2026)
        parser.add_argument("--half", type=int, choices=(1, 2), default=1)
        parser.add_argument("--seed", type=int, default=1, help="another number gives other people and vehicles")
        parser.add_argument("--encoding", choices=("utf-8", "utf-8-sig", "cp949"), default="utf-8")

    def handle(self, *args: object, **options: object) -> None:
        rows, out = options["rows"], options["out"]
        assert isinstance(rows, int)  # noqa: S101 (argparse made it one)
        assert isinstance(out, Path)  # noqa: S101
        if not 1 <= rows <= 5_000_000:
            raise CommandError("--rows: from 1 to 5,000,000")
        districts = sorted(district_codes())
        if not districts:
            raise CommandError("no districts: load a city pack first")
        with out.open("w", encoding=str(options["encoding"]), newline="") as file:
            write_sample_roll(
                file=file,
                count=rows,
                year=int(str(options["year"])),
                half=int(str(options["half"])),
                districts=districts,
                seed=int(str(options["seed"])),
            )
        if options["verbosity"]:
            self.stdout.write(f"{rows} rows written to {out}")
