"""Random rolls assessed by column and by row; `make soak` does it with a hundred thousand rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from billing.rules.columnwise import assess_columns, assess_each
from billing.rules.registry import KINDS

from .seoul import tables

YEARS = (2019, 2022, 2024, 2026)


def _vehicle(draw: Random, *, year: int, term: int) -> dict[str, str]:
    kind = draw.choice([*3 * ["passenger"], "passenger_electric", "van", "truck", "special", "small"])
    last = date(year, 6, 30) if term == 1 else date(year, 12, 31)
    edge = draw.random() < 0.2
    registered = last - timedelta(days=draw.randrange(370 if edge else 7_000))
    return {
        "kind": kind,
        "use": draw.choice(["private", "private", "business"]),
        "displacement_cc": str(draw.choice([1, 999, 1000, 1001, 1600, 1601, 2500, draw.randrange(1, 99_999)]))
        if kind == "passenger" or draw.random() < 0.1
        else "",
        "load_kg": str(draw.choice([999, 1000, 1001, 10_000, 10_001, 20_001, draw.randrange(1, 999_999)]))
        if kind == "truck" or draw.random() < 0.1
        else "",
        "first_registered": registered.isoformat(),
        "half": str(term),
    }


def _house(draw: Random, *, year: int, term: int) -> dict[str, str]:
    edges = (
        1_000,
        60_000_000,
        100_000_000,
        300_000_000,
        300_000_001,
        600_000_000,
        900_000_000,
        900_000_001,
        10**14 - 1,
    )
    price = draw.choice(edges) if draw.random() < 0.2 else draw.randrange(1, 3_000_000) * 1000
    before = max(price * draw.randrange(50, 150) // 100, 1)
    return {
        "official_price": str(price),
        "prior_year_price": draw.choice(["", str(price), str(before)]),
        "one_house": draw.choice("YN"),
        "urban_area": draw.choice("YYN"),
        "share_percent": draw.choice(["100", "100", "50", "33.3333", "0.0001", "7"]),
    }


DRAWN: dict[str, Callable[..., dict[str, str]]] = {"automobile": _vehicle, "housing": _house}


def disagreements(*, kind: str, rows: int, seed: int) -> list[Any]:
    """Rows of which both ways say something else, in several years and both terms; none is right."""
    found: list[Any] = []
    draw = Random(seed)  # noqa: S311 (samples, not secrets)
    for year in YEARS:
        for term in (1, 2):
            drawn = [DRAWN[kind](draw, year=year, term=term) for _ in range(rows // len(YEARS) // 2)]
            found += _compared(kind, year, term, drawn)
    return found


def _compared(name: str, year: int, number: int, drawn: list[dict[str, str]]) -> Iterator[Any]:
    kind = KINDS[name]
    term = kind.term(year=year, number=number, tables=tables())
    columns = {column: [row.get(column, "") for row in drawn] for column in kind.column_names}
    by_column = assess_columns(columns, kind=kind, term=term, tables=tables())
    by_row = assess_each(columns, kind=kind, term=term, tables=tables())
    for place, row in enumerate(drawn):
        refused = by_column.refused.get(place), by_row.refused.get(place)
        said = [
            ({tax: int(won[place]) for tax, won in one.amounts.items() if won[place]}, bool(one.collected[place]))
            for one in (by_column, by_row)
        ]
        if refused[0] != refused[1] or (not refused[0] and said[0] != said[1]):
            yield year, number, row, refused, said
