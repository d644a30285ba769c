"""Drawing lots so that anybody can repeat it (추첨): plain hashes, no secret once the seed is told.

1. A seed of 32 random bytes is made, and `commitment(seed)` is published. From then on it can't be another.
2. The candidates, each by a mark that says nothing about who it is, are listed; `list_hash(marks)` is published. From
   then on the list can't be another, and whoever makes it does not know the seed.
3. The seed is told. Each mark gets the hash of seed, list and itself; those with the smallest are drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def commitment(seed: bytes) -> str:
    """What is published of a seed before it is told.

    >>> commitment(bytes(32))[:16]
    '74dc63c376c868e7'
    """
    return hashlib.sha256(b"etax draw\n" + seed).hexdigest()


def list_text(marks: Iterable[str]) -> str:
    """The list as it is hashed: every mark once, in order, each with a line feed."""
    return "".join(f"{mark}\n" for mark in sorted(set(marks)))


def list_hash(marks: Iterable[str]) -> str:
    """The SHA-256 of the list, in hex."""
    return hashlib.sha256(list_text(marks).encode()).hexdigest()


def drawn(*, marks: Sequence[str], seed: bytes, places: int) -> list[str]:
    """The marks that are drawn, the first first; all of them where there are no more than places.

    >>> drawn(marks=["a", "b", "c"], seed=bytes(32), places=2) == drawn(marks=["c", "b", "a"], seed=bytes(32), places=2)
    True
    """
    of_list = bytes.fromhex(list_hash(marks))

    def score(mark: str) -> str:
        return hashlib.sha256(seed + of_list + mark.encode()).hexdigest()

    return sorted(set(marks), key=score)[:places]
