"""Random rolls assessed by column and by row; `make soak` does it with a hundred thousand rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from billing.rules.automobile import SIZED, SIZES
from billing.rules.building import VESSELS
from billing.rules.columns import Term
from billing.rules.columnwise import assess_columns, assess_each
from billing.rules.dated import NoTableForDate
from billing.rules.fines import CLASSES as VEHICLE_CLASSES
from billing.rules.fines import ZONES
from billing.rules.fire_service import RISKS
from billing.rules.kinds import Kind
from billing.rules.land import ADDED_UP, BY_PIECE
from billing.rules.licence import CLASSES
from billing.rules.periods import Half
from billing.rules.property_roll import USES
from billing.rules.registry import KINDS

from .seoul import tables

YEARS = (2019, 2022, 2024, 2026)
MILLION = 1_000_000
# Where brackets of prices, values and bases begin; those of bases also at the ratio by which a value becomes one.
PRICES = (
    1_000,
    *(int(edge * MILLION * 100 / ratio) for edge in (6, 13, 26, 39, 64, 50, 100, 200, 1000) for ratio in (100, 70, 60)),
    *(edge * MILLION for edge in (60, 150, 300, 600, 900)),
    10**14 - 2,
)


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
        "size": draw.choice(SIZES) if kind in SIZED or draw.random() < 0.1 else "",
        "first_registered": registered.isoformat(),
        "half": str(term),
        "held_from": draw.choice(["", "", (last - timedelta(days=draw.randrange(400))).isoformat()]),
    }


def _vehicle_given_away(draw: Random, *, year: int, term: int) -> dict[str, str]:
    """One whose cells are right: it was held for a day at least."""
    half, vehicle = Half(year, term), _vehicle(draw, year=year, term=term)
    began = [date.fromisoformat(vehicle[name]) for name in ("first_registered", "held_from") if vehicle[name]]
    first = max(half.first, *began)
    until = draw.choice([first, half.last, first + timedelta(days=draw.randrange((half.last - first).days + 1))])
    occasion = draw.choice(["transfer", "scrapping"])
    on = until + timedelta(days=1) if occasion == "transfer" else until
    return vehicle | {"occasion": occasion, "occasion_on": on.isoformat()}


def _house(draw: Random, *, year: int, term: int) -> dict[str, str]:
    price = _won(draw, edges=PRICES, up_to=14)
    before = max(int(price) * draw.randrange(50, 150) // 100, 1)
    return {
        "official_price": price,
        "prior_year_price": draw.choice(["", price, str(before)]),
        "one_house": draw.choice("YN"),
        "urban_area": draw.choice("YYN"),
        "share_percent": _share(draw),
    }


def _whole_house(draw: Random, *, year: int, term: int) -> dict[str, str]:
    return _house(draw, year=year, term=term) | {
        "building_value": draw.choice(["", "0", _won(draw, edges=PRICES, up_to=14)]),
        **_last_year(draw, "main", "urban"),
    }


def _building(draw: Random, *, year: int, term: int) -> dict[str, str]:
    return {
        "value": _won(draw, edges=PRICES, up_to=15),
        "use": draw.choice(USES),
        "fire_risk": draw.choice(RISKS),
        "urban_area": draw.choice("YN"),
        "share_percent": _share(draw),
        **_last_year(draw, "main", "urban", "resource"),
    }


def _vessel(draw: Random, *, year: int, term: int) -> dict[str, str]:
    value = _won(draw, edges=PRICES, up_to=15)
    return {"value": value, "vessel_kind": draw.choice(VESSELS), "share_percent": _share(draw)}


def _land(draw: Random, *, year: int, term: int) -> dict[str, str]:
    value = _won(draw, edges=PRICES, up_to=15)
    return {
        "land_kind": draw.choice([*ADDED_UP, *BY_PIECE]),
        "value": value,
        "urban_value": draw.choice(["0", value, str(draw.randrange(int(value) + 1))]),
        **_last_year(draw, "main", "urban"),
    }


def _household(draw: Random, *, year: int, term: int) -> dict[str, str]:
    return {"household_id": str(draw.randrange(10**6))}


def _licence(draw: Random, *, year: int, term: int) -> dict[str, str]:
    return {"licence_class": draw.choice(CLASSES)}


def _fine(draw: Random, *, year: int, term: int) -> dict[str, str]:
    found = date(year, 3 * term, 28) - timedelta(days=draw.choice([0, 1, 89, draw.randrange(1500)]))
    return {
        "violated_on": found.isoformat(),
        "vehicle_class": draw.choice(VEHICLE_CLASSES),
        "zone": draw.choice(ZONES),
        "two_hours": draw.choice("YN"),
    }


def _won(draw: Random, *, edges: tuple[int, ...], up_to: int) -> str:
    """A sum at or beside an edge of some bracket, or one of up to so many digits."""
    if draw.random() < 0.3:
        return str(max(draw.choice(edges) + draw.randrange(-1, 2), 1))
    return str(draw.randrange(1, 10 ** draw.choice([5, 7, 9, 10, up_to])))


def _share(draw: Random) -> str:
    return draw.choice(["100", "100", "50", "33.3333", "0.0001", "7", "99.9999"])


def _last_year(draw: Random, *parts: str) -> dict[str, str]:
    return {f"last_year_{part}": draw.choice(["", "0", str(draw.randrange(1, 10**7)), "9" * 13]) for part in parts}


DRAWN: dict[str, Callable[..., dict[str, str]]] = {
    "automobile": _vehicle,
    "automobile_part": _vehicle_given_away,
    "housing": _house,
    "housing_whole": _whole_house,
    "building": _building,
    "land": _land,
    "vessel": _vessel,
    "resident": _household,
    "licence": _licence,
    "parking_fine": _fine,
    "bus_lane_fine": _fine,
}


def disagreements(*, kind: str, rows: int, seed: int) -> list[Any]:
    """Rows of which both ways say something else, in every term of several years; none is right."""
    found: list[Any] = []
    draw = Random(seed)  # noqa: S311 (samples, not secrets)
    terms = [term for year in YEARS for term in _terms(KINDS[kind], year)]
    for term in terms:
        drawn = [DRAWN[kind](draw, year=term.year, term=term.number) for _ in range(rows // len(terms))]
        found += _compared(KINDS[kind], term, drawn)
    return found


def _terms(kind: Kind, year: int) -> tuple[Term, ...]:
    """None in a year before the kind's tables begin."""
    try:
        return kind.terms(year, tables())
    except NoTableForDate:
        return ()


def _compared(kind: Kind, term: Term, drawn: list[dict[str, str]]) -> Iterator[Any]:
    columns = {column: [row.get(column, "") for row in drawn] for column in kind.row_names}
    by_column = assess_columns(columns, kind=kind, term=term, tables=tables())
    by_row = assess_each(columns, kind=kind, term=term, tables=tables())
    for place, row in enumerate(drawn):
        refused = by_column.refused.get(place), by_row.refused.get(place)
        said = [
            ({tax: int(won[place]) for tax, won in one.amounts.items() if won[place]}, bool(one.collected[place]))
            for one in (by_column, by_row)
        ]
        if refused[0] != refused[1] or (not refused[0] and said[0] != said[1]):
            yield term.year, term.number, row, refused, said
