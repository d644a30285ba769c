"""Reads about the objections of cardholders, for the office's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from payments.models import Dispute, DisputeFile
from payments.states import DisputeStatus

MOST: int = 100
FIRST = (DisputeStatus.OPEN, DisputeStatus.SENDING, DisputeStatus.REFUSED)


@dataclass(frozen=True)
class DisputeFacts:
    """An objection; `amount` in minor units, `respond_by` until when an answer counts."""

    id: int
    reference: str
    movement_id: str
    amount: int
    reason: str
    respond_by: datetime | None
    status: str
    statement: str
    answered_at: datetime | None
    told_at: datetime
    problem: str

    @property
    def label(self) -> str:
        return str(DisputeStatus(self.status).label)

    def open_at(self, at: datetime) -> bool:
        """Whether an answer still counts."""
        return self.status == DisputeStatus.OPEN and self.respond_by is not None and at < self.respond_by


@dataclass(frozen=True)
class EvidenceFacts:
    """A file of evidence, without its content."""

    id: int
    name: str
    kind: str
    added_at: datetime


def disputes() -> list[DisputeFacts]:
    """Those that want something of us by their day, then the newest of the others; at most 100."""
    rows = list(Dispute.objects.order_by("-told_at", "-pk")[:MOST])
    waiting = [row for row in rows if row.status in FIRST]
    waiting.sort(key=lambda row: (row.respond_by is None, row.respond_by or row.told_at))
    return [_facts(row) for row in [*waiting, *(row for row in rows if row.status not in FIRST)]]


def dispute(dispute_id: int) -> DisputeFacts | None:
    row = Dispute.objects.filter(pk=dispute_id).first()
    return _facts(row) if row else None


def evidence_of(dispute_id: int) -> list[EvidenceFacts]:
    rows = DisputeFile.objects.filter(dispute_id=dispute_id).order_by("pk").defer("content")
    return [EvidenceFacts(row.pk, row.name, row.kind, row.added_at) for row in rows]


def evidence_content(*, dispute_id: int, file_id: int) -> tuple[str, bytes] | None:
    """Kind and content of a file of evidence."""
    row = DisputeFile.objects.filter(pk=file_id, dispute_id=dispute_id).first()
    return (row.kind, bytes(row.content)) if row else None


def _facts(row: Dispute) -> DisputeFacts:
    return DisputeFacts(
        row.pk,
        row.reference,
        row.movement_id,
        row.amount,
        row.reason,
        row.respond_by,
        row.status,
        row.statement,
        row.answered_at,
        row.told_at,
        row.problem,
    )
