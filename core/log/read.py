from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.models import LogLeaf

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
