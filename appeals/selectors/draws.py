"""What is published of the court's draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from appeals.draw_states import COLOURS, DrawKind, DrawStatus
from appeals.models import Draw

MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class DrawShown:
    """A draw as anybody may read it; `head` is the number of leaves of the head that decided."""

    id: int
    kind: str
    status: str
    fixed: str
    fixed_at: datetime
    commitment: str
    bound_at: datetime | None
    secret: str
    head: int | None
    drawn_at: datetime | None

    @property
    def kind_label(self) -> str:
        return str(DrawKind(self.kind).label)

    @property
    def label(self) -> str:
        return str(DrawStatus(self.status).label)

    @property
    def colour(self) -> str:
        return COLOURS[DrawStatus(self.status)]

    @property
    def drawn(self) -> bool:
        return self.status == DrawStatus.DRAWN


FIELDS: Final = tuple(DrawShown.__dataclass_fields__)


def draws() -> list[DrawShown]:
    """The newest first."""
    return [DrawShown(**row) for row in Draw.objects.order_by("-pk").values(*FIELDS)[:MOST]]


def draw_shown(draw_id: int) -> DrawShown | None:
    row = Draw.objects.filter(pk=draw_id).values(*FIELDS).first()
    return DrawShown(**row) if row else None


def record_of(draw_id: int) -> dict[str, Any] | None:
    """All that `python -m appeals.rules.replay` reads; None before it was told."""
    row = Draw.objects.filter(pk=draw_id, status=DrawStatus.DRAWN).first()
    if row is None:
        return None
    told = {"draw": row.kind, "facts": row.facts, "fixed": row.fixed, "commitment": row.commitment}
    return {**told, "secret": row.secret, "result": row.result, **row.proof}
