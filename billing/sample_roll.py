"""Levy rolls of any size to try things with: visibly invented people, born in the 1800s, the same every time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, TextIO

from billing.rules.automobile_roll import COLUMNS
from billing.rules.periods import Half

SURNAMES: Final = "김이박최정강조윤장임한오서신권황안송류홍"
SYLLABLES: Final = "가나다라마바사아자하건결규담도람로린미별빛새솔슬여연온우은이재준지찬채하해호훈"
PLATES: Final = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
ENGINES: Final = (998, 999, 1368, 1591, 1598, 1600, 1968, 1998, 1999, 2199, 2497, 2999, 3342, 3778)
LOADS: Final = (800, 1000, 1001, 2000, 2500, 4500, 9500)
# How many vehicles of a hundred are what.
MIX: Final = (("passenger", "private", 82), ("passenger", "business", 5), ("passenger_electric", "private", 8),
              ("truck", "private", 4), ("truck", "business", 1))  # fmt: skip
PEOPLE_A_HUNDRED_CARS: Final = 60


def sample_rows(*, count: int, year: int, half: int, districts: Sequence[str], seed: int = 1) -> Iterator[list[str]]:
    """`count` rows in the order of COLUMNS. The same arguments give the same rows."""
    people = max(count * PEOPLE_A_HUNDRED_CARS // 100, 1)
    for number in range(count):
        draw = Random(f"{seed} {year} {half} {number}")  # noqa: S311 (samples, not secrets)
        person = draw.randrange(people)
        yield _row(number, person, draw, year=year, half=half, district=draw.choice(districts), seed=seed)


def write_sample_roll(
    *, file: TextIO, count: int, year: int, half: int, districts: Sequence[str], seed: int = 1
) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sample_rows(count=count, year=year, half=half, districts=districts, seed=seed))


def sample_person(*, person: int, seed: int) -> tuple[str, str, str]:
    """Name, resident number and e-mail address of invented person number `person`; no two share a number.

    >>> sample_person(person=7, seed=1) == sample_person(person=7, seed=1)
    True
    """
    draw = Random(f"{seed} person {person}")  # noqa: S311
    name = draw.choice(SURNAMES) + draw.choice(SYLLABLES) + draw.choice(SYLLABLES)
    born = date(1800, 1, 1) + timedelta(days=(person * 7919 + seed) % 36_500)
    return name, f"{born:%y%m%d}-{draw.choice('90')}{person % 1_000_000:06d}", f"t{person:06d}@example.kr"


def _plate(number: int, seed: int) -> str:
    region, letter = divmod(number // 10_000, len(PLATES))
    return f"{(region + 37 * seed) % 900 + 100}{PLATES[letter]}{number % 10_000:04d}"


def _row(number: int, person: int, draw: Random, *, year: int, half: int, district: str, seed: int) -> list[str]:
    kind, use = draw.choices([entry[:2] for entry in MIX], weights=[entry[2] for entry in MIX])[0]
    last = Half(year, half).last
    registered = date(2008, 1, 1) + timedelta(days=draw.randrange((last - date(2008, 1, 1)).days - 30))
    if half == 2 and registered <= Half(year, 1).last:
        # Whole years billed in June don't come again in December: no small cars, trucks or electric ones.
        kind, use = "passenger", "private"
        engine = draw.choice([size for size in ENGINES if size >= 1598])
    else:
        engine = draw.choice(ENGINES)
    name, resident_number, email = sample_person(person=person, seed=seed)
    return [
        f"CAR-{year}H{half}-{seed}-{number:07d}",
        district,
        name,
        resident_number,
        email,
        _plate(number, seed),
        kind,
        use,
        str(engine) if kind == "passenger" else "",
        str(draw.choice(LOADS)) if kind == "truck" else "",
        registered.isoformat(),
        str(half),
    ]
