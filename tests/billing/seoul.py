"""The rules of the Seoul city pack, read from its files without a database."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from billing.rules.calendar import Calendar, DueDateOverride
from billing.rules.dated import DatedTable, DatedTables, read_table

PACK = Path(__file__).parents[2] / "etax" / "cities" / "seoul"


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((PACK / name).read_text(encoding="utf-8"))
    return content


@cache
def dated() -> tuple[DatedTable, ...]:
    return tuple(read_table(raw) for path in sorted(PACK.glob("*.yaml")) for raw in read(path.name).get("tables", ()))


@cache
def tables() -> DatedTables:
    return DatedTables(dated())


@cache
def calendar() -> Calendar:
    days = read("holidays.yaml")
    overrides = [
        DueDateOverride(nominal=raw["nominal"], due=raw["due"], article=raw["article"], tax=raw.get("tax"))
        for raw in read("due.yaml")["overrides"]
    ]
    holidays = frozenset(day["date"] for day in days["holidays"])
    known = tables().at("calendar", date(2026, 1, 1)).body
    first, last = (date.fromisoformat(known[name]) for name in ("known_from", "known_through"))
    return Calendar(holidays=holidays, known_from=first, known_through=last, overrides=overrides)
