"""Taking back what was approved and has not left: orders that stand in no file yet, and payments out that wait."""

from __future__ import annotations

from datetime import datetime

from payments.services import TransferPurpose, withdraw_transfer
from refunds.models import Leg, Refund
from refunds.services import books
from refunds.services.standing import interest_out, still_owed
from refunds.states import LegStatus

HERE = (LegStatus.WAITING, LegStatus.READY)
TAKEN_BACK = "TAKEN_BACK"


def recall(refund: Refund, most: int, *, at: datetime) -> int:
    """Keep up to `most` won of a refund from leaving; how many won. The refund's row is locked by the caller.

    The interest on them is not paid either. What a gateway gives back stands among the overpayments still.
    """
    before, owed = refund.available, min(max(still_owed(refund), 0), most)
    legs = list(Leg.objects.select_for_update().filter(refund=refund).order_by("-pk"))
    taken, posted = owed, owed  # what came back from the bank, and was not paid again
    for leg in legs:
        part = min(leg.principal, most - taken)
        if part <= 0 or not _is_here(leg, at):
            continue
        _cut(leg, principal=part, at=at)
        taken += part
        posted += 0 if leg.by_gateway else part
    if taken:
        interest = _interest(refund, legs, refund.interest * taken // before, at)
        books.recall(refund, posted, interest, mark=refund.lost + taken, at=at)
    return taken


def _interest(refund: Refund, legs: list[Leg], wanted: int, at: datetime) -> int:
    """Take up to so many won of interest off what is here; how many."""
    taken = min(wanted, refund.interest - interest_out(refund))  # what came back from the bank
    for leg in legs:
        part = min(leg.interest, wanted - taken)
        if part > 0 and leg.status in HERE:
            _cut(leg, interest=part, at=at)
            taken += part
    refund.interest -= taken
    Refund.objects.filter(pk=refund.pk).update(interest=refund.interest)
    return taken


def _is_here(leg: Leg, at: datetime) -> bool:
    """Whether it has not left; an order that stands in no file is withdrawn, and what remains of it ordered anew."""
    if leg.status in HERE:
        return True
    if leg.status not in (LegStatus.SENT, LegStatus.UNKNOWN) or leg.by_gateway:
        return False
    if not withdraw_transfer(purpose=TransferPurpose.REFUND, key=leg.transfer_key, at=at):
        return False
    Leg.objects.filter(pk=leg.pk).update(status=LegStatus.REFUSED, problem=TAKEN_BACK, ended_at=at)
    facts = ("refund_id", "way", "principal", "interest", "payee_id", "bank", "number", "holder")
    again = {name: getattr(leg, name) for name in facts}
    new = Leg.objects.create(**again, status=LegStatus.READY, again_for_id=leg.pk, made_at=at)
    leg.pk, leg.status = new.pk, LegStatus.READY
    return True


def _cut(leg: Leg, *, principal: int = 0, interest: int = 0, at: datetime) -> None:
    left = {"principal": leg.principal - principal, "interest": leg.interest - interest}
    rows = Leg.objects.filter(pk=leg.pk)
    if any(left.values()):
        rows.update(**left)
    else:
        rows.update(status=LegStatus.REFUSED, problem=TAKEN_BACK, ended_at=at)
        leg.status = LegStatus.REFUSED
    leg.principal, leg.interest = left["principal"], left["interest"]
