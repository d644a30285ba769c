"""What of the log anybody may see: signed heads and proofs, never a leaf's content."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models.functions import TruncDate

from core.merkle import head_bytes
from core.models import TreeHead


@dataclass(frozen=True)
class PublishedHead:
    """A signed root over the first `size` leaves; `signature` covers `signed_text` (Ed25519)."""

    size: int
    root: str
    sealed_at: datetime
    signature: str
    key: str
    signed_text: str

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "sealed_at": self.sealed_at.isoformat()}


class NoSuchHead(LookupError):
    """No head of that size was ever signed."""


def newest_head() -> PublishedHead | None:
    """The head over everything that is sealed, or None before the first leaf."""
    head = TreeHead.objects.order_by("-size").first()
    return _published(head) if head else None


def head_of_size(size: int) -> PublishedHead:
    head = TreeHead.objects.filter(size=size).first()
    if head is None:
        raise NoSuchHead(size)
    return _published(head)


def first_head_over(position: int) -> PublishedHead:
    """The first signed head that covers the leaf at a place. Raises `NoSuchHead`."""
    head = TreeHead.objects.filter(size__gt=position).order_by("size").first()
    if head is None:
        raise NoSuchHead(position)
    return _published(head)


def daily_heads(*, most: int = 366) -> list[PublishedHead]:
    """The last head of each day (UTC), newest first: what a newspaper would print."""
    by_day = TreeHead.objects.annotate(day=TruncDate("sealed_at", tzinfo=UTC)).order_by("-day", "-size")
    return [_published(head) for head in by_day.distinct("day")[:most]]


def signature_holds(head: PublishedHead, *, key: str) -> bool:
    """Whether the head was signed with the Ed25519 key given in hexadecimal, as the city publishes it elsewhere."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            base64.b64decode(head.signature), head.signed_text.encode()
        )
    except InvalidSignature:
        return False
    return True


def _published(head: TreeHead) -> PublishedHead:
    root = bytes(head.root)
    return PublishedHead(
        size=head.size,
        root=root.hex(),
        sealed_at=head.sealed_at,
        signature=base64.b64encode(bytes(head.signature)).decode(),
        key=head.key_id,
        signed_text=head_bytes(size=head.size, root=root, sealed_at=head.sealed_at).decode(),
    )
