"""Payments out: to the card by a cancellation of its payment, to an account by a transfer; and what came of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Q

from core.states import move
from payments import taken
from payments.gateways.base import ReturnAccount
from payments.services import CancellationRuns, NotCancelledHere, NotSoMuchLeft, OnlyInWhole, order_cancellation
from refunds.models import Leg, Refund
from refunds.services import books
from refunds.services.carry_out import make_leg
from refunds.services.record import record
from refunds.states import HOLDING, LEG_TRANSITIONS, TRANSITIONS, LegStatus, Status, Way

log = structlog.get_logger(__name__)
AT_ONCE: Final = 200
# So long a gateway or a bank may take before an officer and the citizen read "we are checking".
PATIENCE: Final = timedelta(minutes=10)
# A file is written once a business day, released by officers, and shown on the next days' statements.
OF_A_FILE: Final = timedelta(days=7)


def send_by_gateways(*, at: datetime) -> int:
    """Order what gateways give back, to cards and of deposits to accounts; how many were ordered."""
    ready = Leg.objects.filter(by_gateway=True, status=LegStatus.READY).order_by("id")
    return sum(_order(pk, at) for pk in ready.values_list("pk", flat=True)[:AT_ONCE])


def _order(leg_id: int, at: datetime) -> bool:
    with transaction.atomic():
        leg = Leg.objects.select_for_update().select_related("refund").get(pk=leg_id)
        refund = leg.refund
        if leg.status != LegStatus.READY:
            return False
        if refund.payment_id is None or refund.assessed_by_id is None or refund.approved_by_id is None:
            raise ValueError(f"{refund} was never approved to go back by a gateway")
        try:
            made = order_cancellation(
                payment_id=refund.payment_id,
                amount=leg.principal,
                reason=refund.reference,
                asked_by_id=refund.assessed_by_id,
                decided_by_id=refund.approved_by_id,
                at=at,
                to=ReturnAccount(leg.bank, leg.number, leg.holder) if leg.way == Way.ACCOUNT else None,
            )
        except CancellationRuns:
            return False  # another one of this payment; this one comes after it
        except (NotCancelledHere, OnlyInWhole, NotSoMuchLeft) as refusal:
            _to_account(leg, type(refusal).__name__, at)
            return False
        move(
            Leg,
            leg.pk,
            transitions=LEG_TRANSITIONS,
            old=LegStatus.READY,
            new=LegStatus.SENT,
            sent_at=at,
            cancellation_id=made,
        )
    return True


def hear_of_cancellation(*, cancellation_id: int, at: datetime) -> int | None:
    """A gateway said what became of a card payment; the bill to look at again, if the money was a refund's."""
    with transaction.atomic():
        leg = Leg.objects.select_for_update().filter(cancellation_id=cancellation_id).select_related("refund").first()
        if leg is None or leg.status not in (LegStatus.SENT, LegStatus.UNKNOWN):
            return None
        became = taken.given_back([cancellation_id])[cancellation_id]
        if became == taken.DONE:
            end(leg, LegStatus.PAID, at=at)
        elif became == taken.DECLINED:
            _to_account(leg, "DECLINED", at)
        return leg.refund.bill_id


def _to_account(leg: Leg, problem: str, at: datetime) -> None:
    """What the gateway did not give back is transferred to an account, in the books too."""
    old = LegStatus(leg.status)
    move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=old, new=LegStatus.REFUSED, problem=problem, ended_at=at)
    books.not_by_gateway(leg.refund, leg, at=at)
    make_leg(leg.refund, Way.ACCOUNT, leg.principal, 0, at=at)
    settle_state(leg.refund_id, at=at)


def name_silence(*, at: datetime) -> int:
    """What nobody has answered for a while is unknown, not failed: it goes on being asked."""
    silent = Leg.objects.filter(status=LegStatus.SENT).filter(
        Q(by_gateway=True, sent_at__lt=at - PATIENCE) | Q(by_gateway=False, sent_at__lt=at - OF_A_FILE)
    )
    found = list(silent.values_list("pk", "refund_id")[:AT_ONCE])
    for pk, refund_id in found:
        with transaction.atomic():
            if Leg.objects.filter(pk=pk, status=LegStatus.SENT).update(status=LegStatus.UNKNOWN):
                settle_state(refund_id, at=at)
    return len(found)


def end(leg: Leg, new: LegStatus, *, at: datetime, problem: str = "") -> None:
    """A payment out came to its end, or came back after it; the leg's row is locked, its refund follows."""
    old = LegStatus(leg.status)
    move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=old, new=new, ended_at=at, problem=problem[:100])
    settle_state(leg.refund_id, at=at)


def settle_state(refund_id: int, *, at: datetime) -> None:
    """A refund is where its payments out are: the worst of them says."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    states = set(Leg.objects.filter(refund_id=refund_id).values_list("status", flat=True))
    open_ones = states & set(HOLDING)
    if LegStatus.UNKNOWN in states:
        new = Status.UNKNOWN
    elif LegStatus.RETURNED in states and not open_ones - {LegStatus.PAID}:
        new = Status.RETURNED if _still_out(refund_id) else Status.PAID
    elif open_ones <= {LegStatus.PAID}:
        new = Status.PAID
    else:
        new = Status.PAYING
    if new == refund.status or refund.status not in TRANSITIONS or new not in TRANSITIONS[refund.status]:
        return
    paid_at = at if new == Status.PAID else None
    move(Refund, refund_id, transitions=TRANSITIONS, old=refund.status, new=new, paid_at=paid_at)
    record(refund_id, new, at=at)


def _still_out(refund_id: int) -> bool:
    """Whether something that came back has not been paid otherwise."""
    legs = Leg.objects.filter(refund_id=refund_id)
    return any(
        not legs.filter(pk__gt=leg.pk, way=Way.ACCOUNT).exclude(status=LegStatus.REFUSED).exists()
        for leg in legs.filter(status=LegStatus.RETURNED)
    )
