"""A proof for `manage.py log_check`: draws of the court against the leaves of the log, and against themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appeals.models import Draw
from appeals.rules import replay
from appeals.selectors.draws import record_of
from appeals.services.draws import TOLD
from core import drawing, log


def draws_as_sealed() -> Iterator[str]:
    """Each draw says what was sealed of it, and comes out as anybody may repeat it."""
    sealed = {
        kind: {leaf.reference: leaf.content for batch in log.leaves(kind=kind) for leaf in batch}
        for kind in (replay.FIXED, replay.BOUND, TOLD)
    }
    for row in Draw.objects.order_by("pk").iterator():
        reference = f"draw:{row.pk}"
        for kind, said in _said(row).items():
            if sealed[kind].pop(reference, None) != said:
                yield f"{reference} is not what was sealed of it as {kind}"
        told = record_of(row.pk)
        if told is not None:
            yield from (f"{reference}: {fault}" for fault in replay.faults(told))
        elif drawing.facts_hash(row.facts) != row.fixed:
            yield f"{reference}: the facts are not those that were fixed"
    for kind, left in sealed.items():
        yield from (f"{reference}, sealed as {kind}, is gone" for reference in sorted(left))


def _said(row: Draw) -> dict[str, Any]:
    said: dict[str, Any] = {replay.FIXED: {"draw": row.kind, "fixed": row.fixed}}
    if row.commitment:
        said[replay.BOUND] = {"commitment": row.commitment, "fixed": row.fixed, "after": row.after}
    if row.secret:
        said[TOLD] = {"secret": row.secret, "head": row.head, "result": drawing.facts_hash(row.result)}
    return said
