"""Invented people. Whoever was not born in the 1800s is refused, so that nobody real gets in by mistake."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sandbox.options import BadOption

MOST = 10_000
BUILT_IN = (
    ("p-0001", "박승우", "6903029635604", "t000307@example.kr"),
    ("p-0002", "송지준", "7307150866448", "t000328@example.kr"),
    ("p-0003", "서태아", "5010110545711", "t000038@example.kr"),
    ("p-0004", "최하솔", "6212190408716", "t001313@example.kr"),
    ("p-0005", "안연윤", "9608030961247", "t001080@example.kr"),
    ("p-0006", "류하솔", "7211119971862", "t000238@example.kr"),
)


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    resident_number: str
    email: str

    @property
    def birthdate(self) -> str:
        """
        >>> Person("p", "박승우", "6903029635604", "").birthdate
        '1869-03-02'
        """
        digits = self.resident_number
        return date(1800 + int(digits[:2]), int(digits[2:4]), int(digits[4:6])).isoformat()


class People:
    def __init__(self, people: list[Person]) -> None:
        self._by_id = {person.id: person for person in people}

    def get(self, person_id: str) -> Person | None:
        return self._by_id.get(person_id)

    def search(self, wanted: str, *, most: int) -> list[Person]:
        """People whose name or identifier has `wanted` in it; with nothing wanted, the first ones."""
        found = (p for p in self._by_id.values() if wanted in p.name or wanted in p.id or wanted in p.email)
        return [person for person, _ in zip(found, range(most), strict=False)]


def read(path: Path | None) -> People:
    if path is None:
        return People([Person(*facts) for facts in BUILT_IN])
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["people"]
        if not isinstance(entries, list) or not 1 <= len(entries) <= MOST:
            raise BadOption(f"--people: 1 to {MOST} people in {path}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadOption(f"--people: cannot read {path}: {error}") from error
    people = [_person(entry, number) for number, entry in enumerate(entries)]
    if len({person.id for person in people}) != len(people):
        raise BadOption(f"--people: an id appears twice in {path}")
    return People(people)


def _person(entry: Any, number: int) -> Person:
    try:
        digits = str(entry["resident_number"]).replace("-", "")
        person = Person(
            id=str(entry["id"]), name=str(entry["name"]), resident_number=digits, email=str(entry.get("email", ""))
        )
        if len(digits) != 13 or not (digits.isascii() and digits.isdigit()) or digits[6] not in "90":
            raise BadOption(f"--people: entry {number}: thirteen digits, the seventh 9 or 0")
        _ = person.birthdate
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadOption(f"--people: entry {number}: {error!r}") from error
    return person
