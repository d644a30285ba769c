"""Drawing lots so that anybody can repeat it (추첨): plain hashes, no secret once the seed is told.

Who lists and who makes the seed never know what the other will do. A draw among people who wait (`mileage`) binds the
seed first and the list second, and then names a public event to come, such as a lottery of the state, with whose
outcome lots are drawn: whoever makes seed and list can't know that. A draw in which whoever makes the seed could gain
(`appeals`) fixes first what is drawn about, then binds a secret, and mixes into the seed a head of the log that did not
exist when the secret was bound.

Nothing here asks a database or reads a clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

SEED_BYTES: Final = 32


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


def drawn(*, marks: Sequence[str], seed: bytes, places: int, told: str = "") -> list[str]:
    """The marks that are drawn, the first first; all of them where there are no more than places.

    `told`: how a public event came out, in the words in which it was published, where lots are drawn with one.

    >>> drawn(marks=["a", "b", "c"], seed=bytes(32), told="1 2 3", places=2)
    ['c', 'b']
    """
    fixed = seed + bytes.fromhex(list_hash(marks)) + (hashlib.sha256(told.encode()).digest() if told else b"")

    def score(mark: str) -> str:
        return hashlib.sha256(fixed + mark.encode()).hexdigest()

    return sorted(set(marks), key=score)[:places]


def canonical(facts: Any) -> bytes:
    """The one way to write facts down: JSON with sorted keys, no spaces, UTF-8. A float has several: TypeError.

    >>> canonical({"b": [1, None], "a": "원"}).decode()
    '{"a":"원","b":[1,null]}'
    """
    _refuse_floats(facts)
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def facts_hash(facts: Any) -> str:
    """The SHA-256 of facts as `canonical` writes them, in hex."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def mixed_seed(*, secret: bytes, fixed: str, head: str) -> bytes:
    """The seed of a draw: a secret that was bound, the hash of what was fixed before it (hex), and the root of a head
    of the log that came after it (hex). Raises ValueError for a secret of another length.

    >>> mixed_seed(secret=bytes(32), fixed="00" * 32, head="11" * 32).hex()[:16]
    '27d7573182a0fa14'
    """
    if len(secret) != SEED_BYTES:
        raise ValueError(f"a secret has {SEED_BYTES} bytes, not {len(secret)}")
    return hashlib.sha256(b"etax mixed seed\n" + secret + bytes.fromhex(fixed) + bytes.fromhex(head)).digest()


def lot(*, seed: bytes, about: Sequence[str], bits: int = 32) -> int:
    """A number below 2^bits (at most 256 bits) that the seed gives to a thing, such as a case and an advocate."""
    digest = hashlib.sha256(seed + b"".join(_framed(part) for part in about)).digest()
    return int.from_bytes(digest) >> (256 - bits)


def _framed(part: str) -> bytes:
    """With its length in front, so that ("ab", "c") and ("a", "bc") are two things."""
    told = part.encode()
    return len(told).to_bytes(4) + told


def _refuse_floats(facts: Any) -> None:
    if isinstance(facts, float):
        raise TypeError(f"a draw's facts hold no float: {facts!r}")
    if isinstance(facts, dict):
        for key, value in facts.items():
            if not isinstance(key, str):
                raise TypeError(f"a draw's facts are named by text: {key!r}")
            _refuse_floats(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            _refuse_floats(value)
