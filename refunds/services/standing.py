"""Where a refund stands: what of it is out, what is still owed, and the state that follows."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet, Sum

from core.states import move
from refunds.models import Donation, Leg, Loss, Recovery, Refund, SetOff
from refunds.services.record import record
from refunds.states import HOLDING, TRANSITIONS, DeskStatus, LegStatus, RecoveryWay, Status

NOBODY: Final = {
    "assessed_by": None,
    "assessed_at": None,
    "approved_by": None,
    "approved_at": None,
    "third_by": None,
    "third_at": None,
    "needs_third": False,
}


def principal_out(refund: Refund) -> int:
    """Won of the refund itself that have left or are leaving, without interest."""
    return sum(_won(rows, "principal") for rows in _out(refund))


def interest_out(refund: Refund) -> int:
    """Won of its interest that have left or are leaving."""
    return sum(_won(rows, "interest") for rows in _out(refund))


def claimed_back(refund: Refund) -> int:
    """Won that left, were lost afterwards, and that the person has not returned yet (환수)."""
    ended = Recovery.objects.filter(refund=refund, status=DeskStatus.DONE)
    return _won(Loss.objects.filter(refund=refund), "claimed_back") - _won(ended, "amount")


def still_owed(refund: Refund) -> int:
    """Won of the refund itself that may still leave; the database counts the same (`money.sql`)."""
    came_back = Recovery.objects.filter(refund=refund, status=DeskStatus.DONE, way=RecoveryWay.RETURNED)
    claimed = _won(Loss.objects.filter(refund=refund), "claimed_back") - _won(came_back, "amount")
    return refund.available + claimed - principal_out(refund)


def settle_state(refund_id: int, *, at: datetime) -> None:
    """A refund that was carried out is where its payments out are: the worst of them says."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.status not in (Status.PAYING, Status.PAID, Status.RETURNED, Status.UNKNOWN):
        return
    new = _state(refund)
    if new == refund.status:
        return
    paid_at = at if new == Status.PAID else None
    move(Refund, refund_id, transitions=TRANSITIONS, old=refund.status, new=new, paid_at=paid_at)
    record(refund_id, new, at=at)


def _state(refund: Refund) -> Status:
    states = set(Leg.objects.filter(refund=refund).values_list("status", flat=True))
    if LegStatus.UNKNOWN in states:
        return Status.UNKNOWN
    if states & {LegStatus.WAITING, LegStatus.READY, LegStatus.SENT}:
        return Status.PAYING
    if still_owed(refund) > 0 or refund.interest > interest_out(refund):
        return Status.RETURNED
    return Status.PAID if principal_out(refund) + interest_out(refund) else Status.LAPSED


def _out(refund: Refund) -> tuple[QuerySet[SetOff], QuerySet[Donation], QuerySet[Leg]]:
    return (
        SetOff.objects.filter(refund=refund),
        Donation.objects.filter(refund=refund),
        Leg.objects.filter(refund=refund, status__in=HOLDING),
    )


def _won(
    rows: QuerySet[SetOff] | QuerySet[Donation] | QuerySet[Leg] | QuerySet[Loss] | QuerySet[Recovery], of: str
) -> int:
    return int(rows.aggregate(won=Sum(of))["won"] or 0)
