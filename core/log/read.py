from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from core.models import LogLeaf, LogSeal

BATCH: Final = 5_000


@dataclass(frozen=True)
class Leaf:
    """A leaf as its writer appended it."""

    id: int
    kind: str
    reference: str
    content: dict[str, Any]


def leaves(*, kind: str) -> Iterator[list[Leaf]]:
    """All leaves of a kind in the order of their ids, in batches: for checks that compare them with rows."""
    last = 0
    while True:
        rows = LogLeaf.objects.filter(kind=kind, pk__gt=last).order_by("pk")[:BATCH]
        batch = [Leaf(row.pk, row.kind, row.reference, row.content) for row in rows]
        if not batch:
            return
        yield batch
        last = batch[-1].id


@dataclass(frozen=True, kw_only=True)
class SealedLeaf:
    """A leaf with its salt and its place in the tree: what a proof of it begins with."""

    kind: str
    reference: str
    content: dict[str, Any]
    salt: bytes
    position: int


def appended_here(*, kind: str, reference: str) -> int:
    """The id of the leaf that this transaction appended. Worker only. Raises LookupError."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM core_logleaf "
            "WHERE written_in = pg_current_xact_id()::text::bigint AND kind = %s AND reference = %s",
            [kind, reference],
        )
        ((found,),) = cursor.fetchall()
    if found is None:
        raise LookupError(f"this transaction appended no {kind} {reference}")
    return int(found)


def sealed_leaf(leaf_id: int) -> SealedLeaf | None:
    """A leaf with its place, None as long as it has none. Worker only."""
    seal = LogSeal.objects.select_related("leaf").filter(leaf_id=leaf_id).first()
    if seal is None:
        return None
    leaf = seal.leaf
    return SealedLeaf(
        kind=leaf.kind,
        reference=leaf.reference,
        content=leaf.content,
        salt=bytes(leaf.salt),
        position=seal.position,
    )
