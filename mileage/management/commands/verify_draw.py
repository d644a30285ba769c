"""`manage.py verify_draw FILE`: repeat a draw of model taxpayers from what the city published. No database is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import drawing


class Command(BaseCommand):
    help = "Repeat a draw from the file that its public page offers, and say whether it is as published."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="draw.json from the page of the year")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            told = json.loads(options["file"].read_text("utf-8"))
            wrong = faults(told)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"not a draw: {type(error).__name__}: {error}") from error
        if wrong:
            raise CommandError("not as published: " + "; ".join(wrong))
        self.stdout.write(f"{len(told['drawn'])} of {len(told['candidates'])} drawn as published")


def faults(told: dict[str, Any]) -> list[str]:
    """What is not as it was published; empty where everything is."""
    if not told["seed"]:
        return ["lots were not drawn yet: the seed is not told"]
    seed = bytes.fromhex(told["seed"])
    marks = [str(mark) for mark in told["candidates"]]
    found = []
    if len(seed) != 32 or drawing.commitment(seed) != told["commitment"]:
        found.append("the seed is not the one that was bound")
    if drawing.list_hash(marks) != told["list_hash"]:
        found.append("the list is not the one that was published")
    if drawing.drawn(marks=marks, seed=seed, told=str(told["told"]), places=int(told["places"])) != told["drawn"]:
        found.append("others are drawn")
    return found
