"""Money that was to go back was taken back by who paid it: by so much less is owed (환급 취소)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Sum

from core import audit
from core.states import move
from refunds.models import Donation, Leg, Loss, Refund, SetOff
from refunds.services import books
from refunds.services.figure import compute
from refunds.services.record import record
from refunds.states import HOLDING, TRANSITIONS, UNDECIDED, LegStatus, Status


def lose(refunds: Sequence[Refund], amount: int, *, at: datetime) -> None:
    """Lower what these refunds owe by `amount` won: what nobody has decided about first, then what has not left.

    What has left already the person owes to the city; it is kept as claimed back and listed. The caller holds the bill.
    """
    order = {Status.OPENED: 0, Status.ASSESSED: 1, Status.APPROVED: 2}
    rows = Refund.objects.select_for_update().filter(pk__in=[one.pk for one in refunds]).order_by("pk")
    for refund in sorted(rows, key=lambda one: (order.get(Status(one.status), 3), -one.pk)):
        part = min(refund.available, amount)
        if part > 0:
            _lower(refund, part, at)
            amount -= part


def _lower(refund: Refund, part: int, at: datetime) -> None:
    left = refund.available - principal_out(refund)
    recalled = _recall(refund, max(part - left, 0), at) if refund.status in (Status.PAYING, Status.RETURNED) else 0
    claimed = max(part - left - recalled, 0)
    Loss.objects.create(refund=refund, amount=part, claimed_back=claimed)
    Refund.objects.filter(pk=refund.pk).update(lost=refund.lost + part)
    audit.record(
        action="refund.lowered",
        subject=f"refund:{refund.pk}",
        taxpayer_id=refund.taxpayer_id,
        details={"amount": part, "claimed_back": claimed},
    )
    if refund.status in (Status.ASSESSED, Status.APPROVED):
        move(Refund, refund.pk, transitions=TRANSITIONS, old=refund.status, new=Status.OPENED, **NOBODY)
        refund.status = Status.OPENED
    if refund.status not in UNDECIDED:
        return
    if part == refund.available:
        move(Refund, refund.pk, transitions=TRANSITIONS, old=refund.status, new=Status.LAPSED, interest=0)
        record(refund.pk, Status.LAPSED, at=at)
    else:
        compute(refund_id=refund.pk, at=at)


def _recall(refund: Refund, amount: int, at: datetime) -> int:
    """Take back what was approved and has not left yet; how many won."""
    recalled = posted = 0
    for leg in Leg.objects.select_for_update().filter(refund=refund, status__in=(LegStatus.WAITING, LegStatus.READY)):
        part = min(leg.principal, amount - recalled)
        if part <= 0:
            continue
        recalled += part
        if part == leg.amount:
            Leg.objects.filter(pk=leg.pk).update(status=LegStatus.REFUSED, problem="TAKEN_BACK", ended_at=at)
        else:
            Leg.objects.filter(pk=leg.pk).update(principal=leg.principal - part)
        if not leg.by_gateway:
            posted += part
    if posted:
        books.recall(refund, posted, at=at)
    return recalled


NOBODY = {
    "assessed_by": None,
    "assessed_at": None,
    "approved_by": None,
    "approved_at": None,
    "third_by": None,
    "third_at": None,
}


def principal_out(refund: Refund) -> int:
    """Won of the refund itself that have left or are leaving, without interest."""
    sums = [
        SetOff.objects.filter(refund=refund).aggregate(won=Sum("principal"))["won"],
        Donation.objects.filter(refund=refund).aggregate(won=Sum("principal"))["won"],
        Leg.objects.filter(refund=refund, status__in=HOLDING).aggregate(won=Sum("principal"))["won"],
    ]
    return sum(int(won or 0) for won in sums)
