"""Payments out: to the card by a cancellation of its payment, to an account by a transfer; and what came of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from core.one_by_one import one_by_one
from core.states import move
from payments import taken
from payments.gateways.base import ReturnAccount
from payments.services import CancellationRuns, NotCancelledHere, NotSoMuchLeft, OnlyInWhole, order_cancellation
from refunds.models import Leg, Payee, Refund
from refunds.services import books
from refunds.services.account_of import NOWHERE
from refunds.services.carry_out import make_leg
from refunds.services.standing import settle_state
from refunds.states import LEG_TRANSITIONS, LegStatus, PayeeStatus, Way

AT_ONCE: Final = 200
# So long a gateway or a bank may take before an officer and the citizen read "we are checking".
PATIENCE: Final = timedelta(minutes=10)
# A file is written once a business day, released by officers, and shown on the next days' statements.
OF_A_FILE: Final = timedelta(days=7)


class Moved(Exception):
    """The payment out is no longer what it was a moment ago; nothing was ordered."""


def send_by_gateways(*, at: datetime) -> int:
    """Order what gateways give back, to cards and of deposits to accounts; how many were ordered."""
    ready = Leg.objects.filter(by_gateway=True, status=LegStatus.READY).order_by("id")
    return one_by_one(list(ready.values_list("pk", flat=True)[:AT_ONCE]), _order, at=at)


def _order(leg_id: int, at: datetime) -> bool:
    """The gateway's payment is locked first, then the bill, as whoever pays does; the refund and its leg come after."""
    seen = Leg.objects.select_related("refund").get(pk=leg_id)
    try:
        with transaction.atomic():
            made = _order_cancellation(seen, at)
            leg = hold_leg(leg_id)
            if not _same(leg, seen) or goes_elsewhere(leg):
                raise Moved
            facts = {"sent_at": at, "cancellation_id": made}
            move(Leg, leg_id, transitions=LEG_TRANSITIONS, old=LegStatus.READY, new=LegStatus.SENT, **facts)
    except CancellationRuns:
        return False  # another one of this payment; this one comes after it
    except Moved:
        with transaction.atomic():
            leg = hold_leg(leg_id)
            if leg.status == LegStatus.READY and goes_elsewhere(leg):
                put_back(leg)
        return False
    except (NotCancelledHere, OnlyInWhole, NotSoMuchLeft) as refusal:
        with transaction.atomic():
            leg = hold_leg(leg_id)
            if _same(leg, seen):
                _to_account(leg, type(refusal).__name__, at)
        return False
    return True


def _order_cancellation(leg: Leg, at: datetime) -> int:
    refund = leg.refund
    if refund.payment_id is None or refund.assessed_by_id is None or refund.approved_by_id is None:
        raise ValueError(f"{refund} was never approved to go back by a gateway")
    return order_cancellation(
        payment_id=refund.payment_id,
        amount=leg.principal,
        reason=refund.reference,
        asked_by_id=refund.assessed_by_id,
        decided_by_id=refund.approved_by_id,
        at=at,
        to=ReturnAccount(leg.bank, leg.number, leg.holder) if leg.way == Way.ACCOUNT else None,
    )


def _same(leg: Leg, seen: Leg) -> bool:
    facts = ("status", "principal", "bank", "number", "holder")
    return leg.status == LegStatus.READY and all(getattr(leg, name) == getattr(seen, name) for name in facts)


def hold_leg(leg_id: int) -> Leg:
    """Lock a refund, then one payment out of it, in the caller's transaction."""
    refund = Refund.objects.select_for_update(of=("self",)).get(legs=leg_id)
    leg = Leg.objects.select_for_update().get(pk=leg_id)
    leg.refund = refund
    return leg


def goes_elsewhere(leg: Leg) -> bool:
    """Whether the account that it was to go to was replaced by another since; the account stays as it is meanwhile."""
    if leg.payee_id is None:
        return False
    return Payee.objects.select_for_update().get(pk=leg.payee_id).status != PayeeStatus.VERIFIED


def put_back(leg: Leg, *, problem: str = "") -> None:
    """It waits for an account again."""
    facts = {**NOWHERE, "problem": problem}
    move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=LegStatus.READY, new=LegStatus.WAITING, **facts)


def hear_of_cancellation(*, cancellation_id: int, at: datetime) -> int | None:
    """A gateway said what became of a card payment; the bill to look at again, if the money was a refund's."""
    known = Leg.objects.filter(cancellation_id=cancellation_id).values_list("pk", flat=True).first()
    if known is None:
        return None
    with transaction.atomic():
        leg = hold_leg(known)
        if leg.status not in (LegStatus.SENT, LegStatus.UNKNOWN):
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
    make_leg(leg.refund, Way.ACCOUNT, leg.principal, 0, at=at, again_for=leg)
    settle_state(leg.refund_id, at=at)


def name_silence(*, at: datetime) -> int:
    """What nobody has answered for a while is unknown, not failed: it goes on being asked."""
    silent = Leg.objects.filter(status=LegStatus.SENT).filter(
        Q(by_gateway=True, sent_at__lt=at - PATIENCE) | Q(by_gateway=False, sent_at__lt=at - OF_A_FILE)
    )
    found = list(silent.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return one_by_one(found, _is_silent, at=at)


def _is_silent(leg_id: int, at: datetime) -> bool:
    with transaction.atomic():
        leg = hold_leg(leg_id)
        if leg.status != LegStatus.SENT:
            return False
        move(Leg, leg_id, transitions=LEG_TRANSITIONS, old=LegStatus.SENT, new=LegStatus.UNKNOWN)
        settle_state(leg.refund_id, at=at)
    return True


def end(leg: Leg, new: LegStatus, *, at: datetime, problem: str = "") -> None:
    """A payment out came to its end, or came back after it; the leg's row is locked, its refund follows."""
    old = LegStatus(leg.status)
    move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=old, new=new, ended_at=at, problem=problem[:100])
    settle_state(leg.refund_id, at=at)
