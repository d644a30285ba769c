"""Invented people for samples: born in the 1800s, the same every time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

SURNAMES: Final = "김이박최정강조윤장임한오서신권황안송류홍"
SYLLABLES: Final = "가나다라마바사아자하건결규담도람로린미별빛새솔슬여연온우은이재준지찬채하해호훈"
BEGINNING: Final = date(1800, 1, 1)


def sample_person(*, person: int, seed: int) -> tuple[str, str, str]:
    """Name, resident number and e-mail address of invented person number `person`; no two share a number.

    >>> sample_person(person=7, seed=1) == sample_person(person=7, seed=1)
    True
    """
    mix = (person * 2_654_435_761 + seed * 40_503) % (1 << 32)
    name = SURNAMES[mix % 20] + SYLLABLES[mix // 20 % 36] + SYLLABLES[mix // 720 % 36]
    born = BEGINNING + timedelta(days=(person * 7919 + seed) % 36_500)
    mark = "90"[mix // 25_920 % 2]
    return name, f"{born:%y%m%d}-{mark}{person % 1_000_000:06d}", f"t{person:06d}@example.kr"
