"""Small sums that were to be paid and that nobody has taken for months pay a bill of their owner's (소액 환급금 충당).

Framework Act on Local Taxes, article 60 paragraph 6; its decree, article 37: time runs from the decision to pay, the
bill is one that the city sent, and the owner is told. No interest is added after the decision (article 62 paragraph 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from billing import selectors as bills
from billing.selectors.back import hold_bills
from billing.selectors.city import dated_tables
from core import clock
from core.one_by_one import one_by_one
from core.states import move
from refunds.models import Leg, Refund, SetOff
from refunds.services.carry_out import BillChangedMeanwhile, make_leg, pay_bill
from refunds.services.notice import state_notice
from refunds.services.send import hold_leg
from refunds.services.standing import settle_state
from refunds.states import LEG_TRANSITIONS, LegStatus, Status, Way

SET_OFF_SMALL: Final = "SET_OFF_SMALL"
AT_ONCE: Final = 500
# No city waits less than this; it only keeps the round from looking at what was decided lately.
LATELY: Final = timedelta(days=27)


def set_off_small(*, at: datetime) -> int:
    """Worker: so do what waits for an account since the months of the pack and is no more than its sum; how many."""
    waiting = Leg.objects.filter(
        way=Way.ACCOUNT,
        by_gateway=False,
        status=LegStatus.WAITING,
        refund__taxpayer__isnull=False,
        refund__status=Status.PAYING,
        refund__approved_at__lt=at - LATELY,
    )
    return one_by_one(_all(waiting), _set_off, at=at)


def _all(waiting: QuerySet[Leg]) -> Iterator[int]:
    """Each once, some at a time: most have no bill to pay, and keep no other back."""
    last = 0
    while some := list(waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield from some
        last = some[-1]


def _set_off(leg_id: int, at: datetime) -> bool:
    """The bills are locked before the refund, as whoever carries one out does."""
    refund = Refund.objects.get(legs=leg_id)
    bill_id = bills.next_bill(taxpayer_id=refund.taxpayer_id or 0, body=refund.body_id)
    if bill_id is None or not _is_due(Leg.objects.get(pk=leg_id), refund, at):
        return False
    try:
        with transaction.atomic():
            hold_bills(bill_ids=[pk for pk in (refund.bill_id, bill_id) if pk is not None])
            leg = hold_leg(leg_id)
            paid = leg.status == LegStatus.WAITING and _pays(leg, bill_id, at)
            if paid:
                settle_state(refund.pk, at=at)
                state_notice(refund_id=refund.pk, occasion=f"small-{leg_id}", at=at)
            return paid
    except BillChangedMeanwhile:  # nothing was written; the next round looks again
        return False


def _is_due(leg: Leg, refund: Refund, at: datetime) -> bool:
    decided, today = refund.third_at or refund.approved_at, clock.local_date(at)
    rule = dated_tables().at("refund_small", today).body
    return (
        decided is not None
        and leg.amount <= rule["at_most"]
        and clock.local_date(decided) <= months_before(today, rule["months"])
    )


def _pays(leg: Leg, bill_id: int, at: datetime) -> bool:
    """Out of it a bill is paid as of today; what is left waits for an account as before."""
    refund, today = leg.refund, clock.local_date(at)
    amount = min(leg.amount, bills.owed_on(bill_ids=[bill_id], on=today)[bill_id].total)
    if not amount or SetOff.objects.filter(refund=refund, bill_id=bill_id, by_law=False).exists():
        return False
    principal = min(leg.principal, amount)
    interest = amount - principal
    ended = {"problem": SET_OFF_SMALL, "ended_at": at}
    move(Leg, leg.pk, transitions=LEG_TRANSITIONS, old=LegStatus.WAITING, new=LegStatus.REFUSED, **ended)
    pays = {"bill_id": bill_id, "principal": principal, "interest": interest, "by_law": False}
    pay_bill(refund, {**pays, "as_of": today.isoformat()}, at)
    if amount < leg.amount:
        left = (leg.principal - principal, leg.interest - interest)
        make_leg(refund, Way.ACCOUNT, *left, at=at, again_for=leg)
    return True


def months_before(day: date, months: int) -> date:
    """
    >>> months_before(date(2026, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    for last in range(day.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError(day)
