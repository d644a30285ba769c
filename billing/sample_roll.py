"""Levy rolls of any size to try things with: visibly invented people, born in the 1800s, the same every time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, TextIO

from billing.rules.automobile_roll import COLUMNS
from billing.rules.periods import Half
from billing.sample_houses import COLUMNS as HOUSE_COLUMNS
from billing.sample_houses import sample_houses
from billing.sample_people import sample_person

PLATES: Final = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
ENGINES: Final = (998, 999, 1368, 1591, 1598, 1600, 1968, 1998, 1999, 2199, 2497, 2999, 3342, 3778)
LOADS: Final = (800, 1000, 1001, 2000, 2500, 4500, 9500)
# How many vehicles of a hundred are what.
MIX: Final = (("passenger", "private", 82), ("passenger", "business", 5), ("passenger_electric", "private", 8),
              ("truck", "private", 4), ("truck", "business", 1))  # fmt: skip
KINDS_OF_A_HUNDRED: Final = tuple(entry[:2] for entry in MIX for _ in range(entry[2]))
LARGE_ENGINES: Final = tuple(size for size in ENGINES if size >= 1598)
PEOPLE_A_HUNDRED_CARS: Final = 60
ROWS_A_GROUP: Final = 50_000  # of a Parquet file


def sample_rows(*, count: int, year: int, half: int, districts: Sequence[str], seed: int = 1) -> Iterator[list[str]]:
    """`count` rows in the order of COLUMNS. The same arguments give the same rows."""
    people = max(count * PEOPLE_A_HUNDRED_CARS // 100, 1)
    draw = Random(f"{seed} {year} {half}")  # noqa: S311 (samples, not secrets)
    days = _days_of_registration(year, half)
    for number in range(count):
        yield _row(number, draw.randrange(people), draw, days, year=year, half=half, districts=districts, seed=seed)


# The kinds of roll that can be made up: their columns, and how their rows are drawn.
SAMPLES: Final[Mapping[str, tuple[Sequence[str], Callable[..., Iterator[list[str]]]]]] = {
    "automobile": (COLUMNS, sample_rows),
    "housing": (HOUSE_COLUMNS, sample_houses),
}


def write_sample_roll(
    *, file: TextIO, count: int, year: int, half: int, districts: Sequence[str], seed: int = 1, kind: str = "automobile"
) -> None:
    columns, rows = SAMPLES[kind]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows(count=count, year=year, half=half, districts=districts, seed=seed))


def write_sample_parquet(
    *, path: Path, count: int, year: int, half: int, districts: Sequence[str], seed: int = 1, kind: str = "automobile"
) -> None:
    """The same roll as a Parquet file, in row groups of a fixed size: whoever reads it needs little memory."""
    import pyarrow as arrow
    from pyarrow import parquet

    names, drawn = SAMPLES[kind]
    rows = drawn(count=count, year=year, half=half, districts=districts, seed=seed)
    schema = arrow.schema([(name, arrow.string()) for name in names])
    with parquet.ParquetWriter(path, schema) as writer:
        while group := list(islice(rows, ROWS_A_GROUP)):
            columns = [arrow.array(column) for column in zip(*group, strict=True)]
            writer.write_table(arrow.table(columns, schema=schema))


def _plate(number: int, seed: int) -> str:
    region, letter = divmod(number // 10_000, len(PLATES))
    return f"{(region + 37 * seed) % 900 + 100}{PLATES[letter]}{number % 10_000:04d}"


def _days_of_registration(year: int, half: int) -> list[tuple[str, bool]]:
    """Days on which a car may have been registered, and whether the bill of June was for its whole year if small."""
    first, last, june = date(2008, 1, 1), Half(year, half).last, Half(year, 1).last
    days = [first + timedelta(days=n) for n in range((last - first).days - 30)]
    return [(day.isoformat(), half == 2 and day <= june) for day in days]


def _row(
    number: int,
    person: int,
    draw: Random,
    days: Sequence[tuple[str, bool]],
    *,
    year: int,
    half: int,
    districts: Sequence[str],
    seed: int,
) -> list[str]:
    kind, use = KINDS_OF_A_HUNDRED[int(draw.random() * 100)]
    registered, billed_in_june = days[int(draw.random() * len(days))]
    if billed_in_june:
        # Whole years billed in June don't come again in December: no small cars, trucks or electric ones.
        kind, use = "passenger", "private"
    engines = LARGE_ENGINES if billed_in_june else ENGINES
    name, resident_number, email = sample_person(person=person, seed=seed)
    return [
        f"CAR-{year}H{half}-{seed}-{number:07d}",
        districts[int(draw.random() * len(districts))],
        name,
        resident_number,
        email,
        _plate(number, seed),
        kind,
        use,
        str(engines[int(draw.random() * len(engines))]) if kind == "passenger" else "",
        str(LOADS[int(draw.random() * len(LOADS))]) if kind == "truck" else "",
        registered,
        str(half),
    ]
