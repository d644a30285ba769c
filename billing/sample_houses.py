"""Levy rolls of houses of any size to try things with: visibly invented people and streets, the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from billing.rules.property_roll import HOUSING
from billing.sample_people import sample_person

COLUMNS: Final = HOUSING.column_names
PEOPLE_A_HUNDRED_HOUSES: Final = 90
MILLION: Final = 1_000_000
# Prices in millions of won: most houses cost less than nine hundred, a few of them much more.
PRICES: Final = (20, 80, 150, 240, 300, 301, 390, 480, 600, 601, 750, 899, 900, 901, 1_250, 2_400)
# September bills only what July didn't bill whole: no small tax, no shares.
DEAR: Final = tuple(price for price in PRICES if price >= 750)


def sample_houses(*, count: int, year: int, half: int, districts: Sequence[str], seed: int = 1) -> Iterator[list[str]]:
    """`count` rows in the order of COLUMNS. The same arguments give the same rows."""
    people = max(count * PEOPLE_A_HUNDRED_HOUSES // 100, 1)
    draw = Random(f"{seed} {year} {half} houses")  # noqa: S311 (samples, not secrets)
    for number in range(count):
        name, resident_number, email = sample_person(person=draw.randrange(people), seed=seed)
        district = districts[draw.randrange(len(districts))]
        price = draw.choice(DEAR if half == 2 else PRICES) * MILLION + draw.randrange(20) * MILLION
        prior = price * draw.randrange(85, 112) // 100 // MILLION * MILLION
        yield [
            f"HOUSE-{year}H{half}-{seed}-{number:07d}",
            district,
            name,
            resident_number,
            email,
            f"{district}100{seed % 10}{number:08d}",
            f"표본로{draw.randrange(1, 400)}번길 {draw.randrange(1, 100)}",
            str(price),
            str(prior) if draw.random() < 0.97 else "",
            "Y" if half == 1 and draw.random() < 0.5 else "N",
            "Y" if draw.random() < 0.9 else "N",
            "50" if half == 1 and draw.random() < 0.2 else "100",
        ]
