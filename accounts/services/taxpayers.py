"""Whose bill is it? People of a roll find their records, or get one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.enums import NumberKind
from accounts.models import Taxpayer
from accounts.vault import numbers
from accounts.vault.envelopes import blind_index
from accounts.vault.keys import vault_keys
from accounts.vault.records import store_numbers, taxpayers_by_index

Key = tuple[str, bytes]  # kind of number, blind index
PayerNumber = tuple[str, str]  # kind of number, the number as a roll wrote it


@dataclass(frozen=True)
class Person:
    """Somebody in a roll. Exactly one of the numbers is given; hyphens and spaces don't matter."""

    name: str
    resident_number: str = ""
    email: str = ""
    business_number: str = ""
    corporate_number: str = ""

    @property
    def number(self) -> PayerNumber:
        given = {
            NumberKind.CORPORATE.value: self.corporate_number,
            NumberKind.BUSINESS.value: self.business_number,
            NumberKind.RESIDENT.value: self.resident_number,
        }
        return next(((kind, text) for kind, text in given.items() if text), (NumberKind.RESIDENT.value, ""))


@dataclass(frozen=True)
class KnownPayer:
    """Whom a number belongs to. `mark` stands for the number and tells nothing of it without the vault's key."""

    mark: bytes
    taxpayer_id: int | None


def known_payers(written: Iterable[PayerNumber]) -> dict[PayerNumber, KnownPayer]:
    """For each number the taxpayer whose it is, None where nobody has it yet. One look-up a kind; the worker only.

    Raises `NotAResidentNumber`, `NotABusinessNumber` or `NotACorporateNumber`.
    """
    keys = vault_keys()
    marks = {
        (kind, text): blind_index(keys, kind=kind, number=numbers.PLAIN[kind](text)) for kind, text in set(written)
    }
    known = _known({(kind, mark) for (kind, _), mark in marks.items()})
    return {number: KnownPayer(mark, known.get((number[0], mark))) for number, mark in marks.items()}


def find_or_create_taxpayers(people: Sequence[Person]) -> list[int]:
    """Taxpayer ids in the order of `people`; the same number twice is one taxpayer.

    Worker only (it holds the vault's keys). A known taxpayer's name and e-mail address stay as they are. Raises
    as `known_payers` does. A look-up a kind and one insert per table for any number of people.
    """
    with transaction.atomic():
        wanted = [_identified(person) for person in people]
        known = _known({key for key, _ in wanted})
        missing: dict[Key, tuple[Person, str]] = {}
        for (key, number), person in zip(wanted, people, strict=True):
            if key not in known:
                missing.setdefault(key, (person, number))
        if missing:
            with connection.cursor() as cursor:
                # One transaction at a time adds people, so that nobody is added twice.
                cursor.execute("SELECT core_take_turn('newcomers')")
            known |= _known(set(missing))
            known |= _create({key: value for key, value in missing.items() if key not in known})
    return [known[key] for key, _ in wanted]


def _identified(person: Person) -> tuple[Key, str]:
    kind, text = person.number
    number = numbers.PLAIN[kind](text)
    return (kind, blind_index(vault_keys(), kind=kind, number=number)), number


def _known(keys: set[Key]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for kind in {kind for kind, _ in keys}:
        rows = taxpayers_by_index(kind=kind, indexes=[index for of, index in keys if of == kind])
        found |= {(kind, index): taxpayer_id for index, taxpayer_id in rows.items()}
    return found


def _create(missing: dict[Key, tuple[Person, str]]) -> dict[Key, int]:
    rows = [_record(kind, person, number) for (kind, _), (person, number) in missing.items()]
    ids = dict(zip(missing, _insert(rows), strict=True))
    for kind in {kind for kind, _ in missing}:
        of_kind = {ids[key]: number for key, (_, number) in missing.items() if key[0] == kind}
        store_numbers(kind=kind, numbers=of_kind)
    return ids


def _insert(rows: Sequence[Taxpayer]) -> list[int]:
    """The new records' ids, in the order of `rows`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('accounts_taxpayer', 'id')) FROM generate_series(1, %s)", [len(rows)]
        )
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO accounts_taxpayer (id, kind, name, birth_date, email) "
            "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::text[])",
            [
                ids,
                [str(row.kind) for row in rows],
                [row.name for row in rows],
                [row.birth_date for row in rows],
                [row.email for row in rows],
            ],
        )
    return ids


def _record(kind: str, person: Person, number: str) -> Taxpayer:
    if kind != NumberKind.RESIDENT:
        return Taxpayer(kind=Taxpayer.Kind.BUSINESS, name=person.name, email=person.email)
    foreigner = numbers.is_foreigner(number)
    return Taxpayer(
        kind=Taxpayer.Kind.FOREIGNER if foreigner else Taxpayer.Kind.INDIVIDUAL,
        name=person.name,
        birth_date=numbers.birth_date(number),
        email=person.email,
    )
