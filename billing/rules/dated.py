"""Tables of rates that hold from a day to a day and name their article. A city pack brings them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any


class NoTableForDate(LookupError):
    """No table was read in the statute for that day: the sum is refused by name, never guessed."""

    def __init__(self, *, name: str, on: date) -> None:
        super().__init__(f"no table {name!r} in force on {on.isoformat()}")
        self.name, self.on = name, on


class RateNotSourced(LookupError):
    """The statute's table holds no rate for this object (or none was read): it is refused by name."""


@dataclass(frozen=True, kw_only=True)
class DatedTable:
    """`valid_to` is included; None means still in force. `body` is as the city pack wrote it."""

    name: str
    valid_from: date
    valid_to: date | None
    article: str
    body: Mapping[str, Any]

    def holds_on(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class DatedTables:
    """Every table of a city, asked by name and day."""

    def __init__(self, tables: Iterable[DatedTable]) -> None:
        self._by_name: dict[str, list[DatedTable]] = {}
        for table in tables:
            if not table.article.strip():
                raise ValueError(f"table {table.name!r} names no article")
            if table.valid_to is not None and table.valid_to < table.valid_from:
                raise ValueError(f"table {table.name!r} ends before it begins")
            self._by_name.setdefault(table.name, []).append(table)
        for name, entries in self._by_name.items():
            entries.sort(key=lambda entry: entry.valid_from)
            for earlier, later in pairwise(entries):
                if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                    raise ValueError(f"two tables {name!r} in force on {later.valid_from.isoformat()}")

    def at(self, name: str, on: date) -> DatedTable:
        for table in self._by_name.get(name, ()):
            if table.holds_on(on):
                return table
        raise NoTableForDate(name=name, on=on)


def read_table(raw: Mapping[str, Any]) -> DatedTable:
    """One entry of a city pack's `tables:` list."""
    return DatedTable(
        name=raw["name"],
        valid_from=raw["valid_from"],
        valid_to=raw.get("valid_to"),
        article=raw["article"],
        body=raw["body"],
    )
