"""Money that was to go back was taken back by who paid it: by so much less is owed (환급 취소)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core import audit
from core.states import move
from refunds.models import Loss, Refund
from refunds.services.figure import compute
from refunds.services.recall import recall
from refunds.services.record import record
from refunds.services.standing import NOBODY, settle_state
from refunds.states import OPEN_AGAIN, TRANSITIONS, UNDECIDED, Status

KEPT = (Status.REJECTED, Status.LAPSED)


def lose(refunds: Sequence[Refund], amount: int, *, at: datetime) -> None:
    """Lower what these refunds owe by `amount` won: what nobody has decided about first, then what stays with the city,
    then what has not left.

    What has left already the person owes to the city; it is kept as claimed back and listed. The caller holds the bill.
    """
    rows = list(Refund.objects.select_for_update().filter(pk__in=[one.pk for one in refunds]).order_by("pk"))
    for lower in (_undecided, _kept, _not_left, _left):
        for refund in reversed(rows):
            if amount > 0:
                amount -= lower(refund, amount, at)


def _undecided(refund: Refund, most: int, at: datetime) -> int:
    """Officers look again at what they have decided about and what has not left."""
    if refund.status not in (*UNDECIDED, Status.APPROVED):
        return 0
    part = min(refund.available, most)
    _write(refund, part)
    if refund.status in OPEN_AGAIN:
        move(Refund, refund.pk, transitions=TRANSITIONS, old=refund.status, new=Status.OPENED, **NOBODY)
    if refund.available:
        compute(refund_id=refund.pk, at=at)
    else:
        move(Refund, refund.pk, transitions=TRANSITIONS, old=Status.OPENED, new=Status.LAPSED, interest=0)
        record(refund.pk, Status.LAPSED, at=at)
    return part


def _kept(refund: Refund, most: int, at: datetime) -> int:
    """What was rejected, or claimed too late, is still here."""
    if refund.status not in KEPT:
        return 0
    part = min(refund.available, most)
    _write(refund, part)
    return part


def _not_left(refund: Refund, most: int, at: datetime) -> int:
    """What was approved and has not left, or came back, doesn't leave any more."""
    if refund.status not in (Status.PAYING, Status.RETURNED, Status.UNKNOWN):
        return 0
    part = recall(refund, min(refund.available, most), at=at)
    _write(refund, part)
    settle_state(refund.pk, at=at)
    return part


def _left(refund: Refund, most: int, at: datetime) -> int:
    part = min(refund.available, most)
    _write(refund, part, claimed=part)
    return part


def _write(refund: Refund, part: int, *, claimed: int = 0) -> None:
    if not part:
        return
    Loss.objects.create(refund=refund, amount=part, claimed_back=claimed)
    refund.lost += part
    Refund.objects.filter(pk=refund.pk).update(lost=refund.lost)
    audit.record(
        action="refund.lowered",
        subject=f"refund:{refund.pk}",
        taxpayer_id=refund.taxpayer_id,
        details={"amount": part, "claimed_back": claimed},
    )
