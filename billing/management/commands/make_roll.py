from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.levying_bodies import district_codes
from billing.sample_roll import SAMPLES, write_sample_parquet, write_sample_roll

MOST = 5_000_000  # as many plates there are


class Command(BaseCommand):
    help = "Write a levy roll with invented people, spread over the city's districts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, required=True)
        parser.add_argument("--out", type=Path, required=True, help="CSV, or Parquet where it ends in .parquet")
        parser.add_argument("--tax", choices=sorted(SAMPLES), default="automobile", help="the kind of roll")
        parser.add_argument("--year", type=int, default=2026)
        parser.add_argument("--half", type=int, choices=(1, 2), default=1)
        parser.add_argument("--seed", type=int, default=1, help="another number gives other people and things")
        parser.add_argument("--encoding", choices=("utf-8", "utf-8-sig", "cp949"), default="utf-8")

    def handle(self, *args: object, **options: object) -> None:
        rows, out = options["rows"], options["out"]
        assert isinstance(rows, int)  # noqa: S101 (argparse made it one)
        assert isinstance(out, Path)  # noqa: S101
        if not 1 <= rows <= MOST:
            raise CommandError(f"--rows: from 1 to {MOST:,}")
        districts = sorted(district_codes())
        if not districts:
            raise CommandError("no districts: load a city pack first")
        facts: dict[str, Any] = {"count": rows, "districts": districts, "kind": str(options["tax"])}
        facts |= {name: int(str(options[name])) for name in ("year", "half", "seed")}
        if out.suffix == ".parquet":
            write_sample_parquet(path=out, **facts)
        else:
            with out.open("w", encoding=str(options["encoding"]), newline="") as file:
                write_sample_roll(file=file, **facts)
        if options["verbosity"]:
            self.stdout.write(f"{rows} rows written to {out}")
