"""Carrying out what was approved: bills are paid first, then the rest goes to the card, to an account, or to the city.

One transaction writes everything that was decided, or nothing: what is no longer as it was approved goes back to the
beginning, and officers look again.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from billing.selectors.back import hold_bills
from core.states import move
from payments import taken as money_taken
from payments.gateways.base import Movement, MovementKind
from payments.services import Channel, Share, pay_directly
from refunds.models import Donation, Leg, Refund, SetOff
from refunds.services import books
from refunds.services.account_of import account_of
from refunds.services.figure import compute, figures_of, plan_of
from refunds.services.notice import state_notice
from refunds.services.record import record
from refunds.services.standing import NOBODY
from refunds.states import TRANSITIONS, LegStatus, Status, Way

NOT_AS_APPROVED: Final = "NOT_AS_APPROVED"


class BillChangedMeanwhile(Exception):
    """A bill that a refund was to pay owes less than a moment ago; nothing was written."""


def carry_out(*, refund_id: int, at: datetime) -> None:
    """Worker: carry an approved refund out, once. Safe to repeat."""
    try:
        with transaction.atomic():
            _hold(Refund.objects.get(pk=refund_id))
            refund = Refund.objects.select_for_update().get(pk=refund_id)
            if refund.status != Status.APPROVED or _is_being_cancelled(refund):
                return
            if _as_approved(refund, at):
                _carry_out(refund, at)
            else:
                _look_again(refund, at)
    except BillChangedMeanwhile:
        with transaction.atomic():
            refund = Refund.objects.select_for_update().get(pk=refund_id)
            if refund.status == Status.APPROVED:
                _look_again(refund, at)


def _hold(refund: Refund) -> None:
    """Bills first, then the refund: the order of whoever looks for what is to go back."""
    others = [taken["bill_id"] for taken in refund.plan.get("set_offs", ())]
    hold_bills(bill_ids=[pk for pk in (refund.bill_id, *others) if pk is not None])


def _is_being_cancelled(refund: Refund) -> bool:
    """Whether a gateway gives money of the same bill back at this moment: it tells soon what of it is left."""
    if refund.bill_id is None:
        return False
    mine = Leg.objects.filter(cancellation__isnull=False).values_list("cancellation_id", flat=True)
    running = money_taken.running_for(bill_id=refund.bill_id)
    return bool(set(running) - set(mine.filter(cancellation__in=running)))


def _as_approved(refund: Refund, at: datetime) -> bool:
    """The sums are computed again as of the day of the decision: only that day's approval fixes them."""
    found = figures_of(refund, at=refund.third_at or refund.approved_at or refund.opened_at)
    return plan_of(found) == refund.plan and found.interest == refund.interest


def _look_again(refund: Refund, at: datetime) -> None:
    move(Refund, refund.pk, transitions=TRANSITIONS, old=Status.APPROVED, new=Status.OPENED, **NOBODY)
    record(refund.pk, Status.OPENED, at=at, reason=NOT_AS_APPROVED)
    compute(refund_id=refund.pk, at=at)


def _carry_out(refund: Refund, at: datetime) -> None:
    principal, interest = int(refund.plan["principal_left"]), int(refund.plan["interest_left"])
    way = Way.CARD if refund.way == Way.CARD and refund.by_card else Way.ACCOUNT
    given = principal if way == Way.CARD or (refund.by_deposit and refund.way != Way.DONATION) else 0
    books.approve(refund, principal=refund.available - given, interest=refund.interest, at=at)
    for taken in refund.plan["set_offs"]:
        pay_bill(refund, taken, at)
    legs: list[Leg] = []
    if given:
        legs.append(make_leg(refund, way, given, 0, at=at, by_gateway=True))
    if refund.way == Way.DONATION and principal + interest:
        gift = Donation.objects.create(refund=refund, principal=principal, interest=interest)
        books.donated(refund, gift, at=at)
    elif principal - given + interest:
        legs.append(make_leg(refund, Way.ACCOUNT, principal - given, interest, at=at))
    new = Status.PAYING if legs else Status.PAID
    move(Refund, refund.pk, transitions=TRANSITIONS, old=Status.APPROVED, new=new, paid_at=None if legs else at)
    record(refund.pk, new, at=at)
    state_notice(refund_id=refund.pk, occasion="decided", at=at)


def pay_bill(refund: Refund, taken: dict[str, Any], at: datetime) -> None:
    """A payment of its own, as of the day on which both claims existed, with a receipt like any other."""
    as_of = date.fromisoformat(taken["as_of"])
    moment = datetime.combine(as_of, time(12), ZoneInfo(settings.TIME_ZONE))
    amount = taken["principal"] + taken["interest"]
    law = "L" if taken["by_law"] else "C"
    movement = Movement(
        id=f"{refund.reference}-{taken['bill_id']}{law}", kind=MovementKind.DEPOSIT, amount=amount, at=min(moment, at)
    )
    paid = pay_directly(
        gateway="set_off",
        channel=Channel.SET_OFF,
        movement=movement,
        shares=[Share(taken["bill_id"], amount)],
        at=at,
        payer=refund.reference,
    )
    if paid.excess:
        raise BillChangedMeanwhile(taken["bill_id"])
    set_off = SetOff.objects.create(
        refund=refund,
        bill_id=taken["bill_id"],
        principal=taken["principal"],
        interest=taken["interest"],
        effective_on=as_of,
        by_law=taken["by_law"],
        payment_id=paid.payment_id,
        done_at=at,
    )
    books.set_off(refund, set_off, at=at)


def make_leg(
    refund: Refund,
    way: Way,
    principal: int,
    interest: int,
    *,
    at: datetime,
    by_gateway: bool = False,
    again_for: Leg | None = None,
) -> Leg:
    """A payment out, ready where it is known where it goes. `again_for`: one that came back or was not carried out."""
    facts: dict[str, Any] = {"status": LegStatus.READY} if way == Way.CARD else account_of(refund, at=at)
    return Leg.objects.create(
        refund=refund,
        way=way,
        principal=principal,
        interest=interest,
        by_gateway=by_gateway,
        again_for=again_for,
        made_at=at,
        **facts,
    )
