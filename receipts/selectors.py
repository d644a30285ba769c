from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from receipts.models import Document, DocumentContent, Withdrawal
from receipts.rendering.facts import Label
from receipts.states import Status


@dataclass(frozen=True)
class DocumentEntry:
    """A line of somebody's own list. `total` in minor units."""

    id: int
    number: str
    kind: str
    status: str
    requested_at: datetime
    total: int
    currency: str
    items: tuple[Label, ...]


@dataclass(frozen=True)
class PublicEntry:
    """What the register tells anybody who holds a number or a file: enough to compare, not to learn who it is."""

    number: str
    kind: str
    status: str
    issued_at: datetime
    paid_at: datetime | None
    total: int
    currency: str
    masked_name: str
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class RegisterEntry:
    """A line of the register as an officer reads it."""

    id: int
    number: str
    kind: str
    status: str
    requested_at: datetime
    total: int
    taxpayer_id: int
    name: str
    reference: str


@dataclass(frozen=True)
class WithdrawalFacts:
    """A wish to withdraw a document; open until `decided_at`."""

    id: int
    document_id: int
    number: str
    reason: str
    asked_by: int
    asked_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    granted: bool


@dataclass(frozen=True)
class Pdf:
    number: str
    content: bytes


@dataclass(frozen=True)
class OpenedLink:
    """The document behind a link; `pdf` is None while it is being prepared, or when it was withdrawn."""

    number: str
    status: str
    pdf: bytes | None


class TooManyLookups(Exception):
    """More than thirty questions from one address in ten minutes."""


def my_documents(*, most: int = 500) -> list[DocumentEntry]:
    """The documents that the running login may see: a citizen's own (row-level security decides). Newest first."""
    rows = Document.objects.order_by("-requested_at", "-pk")[:most]
    return [_entry(row) for row in rows]


def document_for(*, kind: str, reference: str) -> DocumentEntry | None:
    """The document that certifies `reference`, as far as the running login may see it."""
    row = Document.objects.filter(kind=kind, reference=reference).first()
    return _entry(row) if row else None


def document_pdf(document_id: int) -> Pdf | None:
    """The signed file of a document that the running login may see; None if there is none (yet, or any more)."""
    row = (
        DocumentContent.objects.filter(document_id=document_id, document__status=Status.READY)
        .values_list("document__number", "pdf")
        .first()
    )
    return Pdf(row[0], bytes(row[1])) if row else None


def search_register(text: str, *, most: int = 50) -> list[RegisterEntry]:
    """Documents that the officer may see: by their number, or by the number of a taxpayer's record. Newest first."""
    if text.isascii() and text.isdigit() and len(text) < 12:
        rows = Document.objects.filter(taxpayer_id=int(text))
    else:
        rows = Document.objects.filter(number=normal_number(text))
    return [_register_entry(row) for row in rows.order_by("-requested_at", "-pk")[:most]]


def register_entry(document_id: int) -> RegisterEntry | None:
    row = Document.objects.filter(pk=document_id).first()
    return _register_entry(row) if row else None


def withdrawals_of(document_id: int) -> list[WithdrawalFacts]:
    """Every wish to withdraw a document, the newest first."""
    return _withdrawals(document_id=document_id)


def withdrawals_waiting(*, most: int = 50) -> list[WithdrawalFacts]:
    """Wishes that nobody has decided yet, as far as the officer may see their documents."""
    return _withdrawals(decided_at=None)[:most]


def open_link(secret: str) -> OpenedLink | None:
    """The document behind a link that somebody without an account holds; None if unknown or expired."""
    found = _rows("SELECT number, status, pdf FROM receipts_open_link(%s)", [secret])
    if not found:
        return None
    ((number, status, pdf),) = found
    return OpenedLink(number, status, bytes(pdf) if pdf is not None else None)


def find_document(*, number: str, address: str) -> PublicEntry | None:
    """What the register says of a number. Counts the questions of one address: raises `TooManyLookups`."""
    source = hashlib.sha256(address.encode()).digest()
    found = _rows("SELECT * FROM receipts_find_document(%s, %s)", [normal_number(number), source])
    if not found:
        return None
    ((allowed, *facts),) = found
    if not allowed:
        raise TooManyLookups
    return PublicEntry(*facts)


def find_content(pdf: bytes) -> PublicEntry | None:
    """The entry of exactly this file."""
    found = _rows("SELECT * FROM receipts_find_content(%s)", [hashlib.sha256(pdf).digest()])
    return PublicEntry(*found[0]) if found else None


def normal_number(typed: str) -> str:
    """
    A document number as the register writes it, whatever a person made of it.

    >>> normal_number(" 2026 7k3m–9qxd 4t2o ")
    '2026-7K3M-9QXD-4T20'
    """
    letters = "".join(c for c in typed.upper().translate(READ_ALIKE) if c.isascii() and c.isalnum())
    return "-".join(letters[start : start + 4] for start in range(0, min(len(letters), 40), 4))


READ_ALIKE = str.maketrans("OIL", "011")


def _entry(row: Document) -> DocumentEntry:
    return DocumentEntry(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        status=row.status,
        requested_at=row.requested_at,
        total=row.facts["total"],
        currency=row.facts.get("currency", ""),
        items=tuple(dict.fromkeys(Label.read(line["item"]) for line in row.facts.get("lines", ()))),
    )


def _register_entry(row: Document) -> RegisterEntry:
    return RegisterEntry(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        status=row.status,
        requested_at=row.requested_at,
        total=row.facts["total"],
        taxpayer_id=row.taxpayer_id,
        name=str((row.facts.get("taxpayer") or {}).get("name", "")),
        reference=row.reference,
    )


def _withdrawals(**wanted: Any) -> list[WithdrawalFacts]:
    names = (
        "id", "document_id", "document__number", "reason", "asked_by_id", "asked_at", "decided_by_id", "decided_at",
        "granted",
    )  # fmt: skip
    rows = Withdrawal.objects.filter(**wanted).order_by("-asked_at", "-pk").values_list(*names)
    return [WithdrawalFacts(*row) for row in rows]


def _rows(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
