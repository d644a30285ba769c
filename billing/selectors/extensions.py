from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from billing.models import Extension
from billing.states import ExtensionStatus


@dataclass(frozen=True, kw_only=True)
class ExtensionEntry:
    """An act that moves due dates for everybody; empty `taxes` or `bodies` mean all. `moved` counts its bills.

    `asked_by` and `decided_by` are accounts.
    """

    id: int
    nominal_from: date
    nominal_to: date
    taxes: list[str]
    bodies: list[str]
    due: date
    article: str
    reason_ko: str
    reason_en: str
    status: str
    asked_by: int
    asked_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    moved: int

    @property
    def status_label(self) -> str:
        return str(ExtensionStatus(self.status).label)


def extensions(*, most: int = 200) -> list[ExtensionEntry]:
    """The acts, newest first."""
    names = tuple(ExtensionEntry.__dataclass_fields__)
    return [ExtensionEntry(**row) for row in Extension.objects.order_by("-id").values(*names)[:most]]
