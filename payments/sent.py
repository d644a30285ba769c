"""Reads about money that the city sends, for the treasurer's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet

from payments.models import Transfer, TransferBatch
from payments.states import BatchStatus, TransferPurpose, TransferStatus

SHOWN = 60
FAILED = (TransferStatus.REJECTED, TransferStatus.RETURNED)


@dataclass(frozen=True)
class BatchFacts:
    """A file of transfers; `approver` and `releaser` are names. `unanswered`: of so many the bank said nothing."""

    id: int
    message_id: str
    bank: str
    execute_on: date
    count: int
    amount: int
    digest: str
    state: str
    status: str
    written_at: datetime
    approved_by: int | None
    approver: str
    releaser: str
    dropped_at: datetime | None
    asks: int
    reason: str
    problem: str
    unanswered: int
    failed: int


@dataclass(frozen=True)
class Fate:
    """What became of a transfer: it left our account, or the bank rejected it or sent it back, for a reason."""

    left: bool
    came_back: bool
    reason: str


def fate_of(*, purpose: TransferPurpose, key: str) -> Fate | None:
    """What became of the transfer that was ordered under this key; None if none was. Worker only."""
    row = Transfer.objects.filter(purpose=purpose, key=key, repeats=None).first()
    return None if row is None else Fate(row.status == TransferStatus.BOOKED, row.status in FAILED, row.answer)


def batches() -> list[BatchFacts]:
    """The youngest first."""
    return _facts(list(TransferBatch.objects.defer("content").order_by("-pk")[:SHOWN]))


def batch(batch_id: int) -> BatchFacts | None:
    """One file."""
    found = _facts(list(TransferBatch.objects.defer("content").filter(pk=batch_id)))
    return found[0] if found else None


def content(batch_id: int) -> bytes | None:
    """The very bytes of a file, as they were written."""
    found = TransferBatch.objects.filter(pk=batch_id).values_list("content", flat=True).first()
    return bytes(found) if found is not None else None


def transfers_of(batch_id: int) -> QuerySet[Transfer]:
    """What failed comes first."""
    return Transfer.objects.filter(batch_id=batch_id).order_by("-status", "pk")


def waiting() -> QuerySet[Transfer]:
    """Ordered, and in no file yet."""
    return Transfer.objects.filter(status=TransferStatus.ORDERED).order_by("pay_on", "pk")


def failed() -> QuerySet[Transfer]:
    """Rejected or come back, and not repeated; oldest first."""
    return Transfer.objects.filter(status__in=FAILED, repeated_by=None).order_by("answered_at", "pk")


def repeatable(transfer_id: int) -> Transfer | None:
    """A remittance that failed; refunds are corrected where they were ordered."""
    return failed().filter(pk=transfer_id, purpose=TransferPurpose.REMITTANCE).first()


def _facts(found: list[TransferBatch]) -> list[BatchFacts]:
    keys = [one.pk for one in found]
    sums: dict[int, list[str]] = {key: [] for key in keys}
    for key, status in Transfer.objects.filter(batch_id__in=keys).values_list("batch_id", "status"):
        sums[key or 0].append(status)
    names = _names(found)
    return [
        BatchFacts(
            id=one.pk,
            message_id=one.message_id,
            bank=one.bank,
            execute_on=one.execute_on,
            count=one.transfers_count,
            amount=one.amount,
            digest=one.digest,
            state=str(BatchStatus(one.status).label),
            status=one.status,
            written_at=one.written_at,
            approved_by=one.approved_by_id,
            approver=names.get(one.approved_by_id or 0, ""),
            releaser=names.get(one.released_by_id or 0, ""),
            dropped_at=one.dropped_at,
            asks=one.asks,
            reason=one.reason,
            problem=one.problem,
            unanswered=sums[one.pk].count(TransferStatus.SENT),
            failed=sum(sums[one.pk].count(status) for status in FAILED),
        )
        for one in found
    ]


def _names(found: list[TransferBatch]) -> dict[int, str]:
    officers = [officer for one in found for officer in (one.approved_by_id, one.released_by_id) if officer]
    with connection.cursor() as cursor:
        cursor.execute("SELECT o.account_id, o.name FROM accounts_officer o WHERE o.account_id = ANY (%s)", [officers])
        return dict(cursor.fetchall())
