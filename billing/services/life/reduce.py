"""Reducing (감액) and cancelling (부과취소): Framework Act on Local Taxes, article 58."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.events import BILL_CANCELLED, BILL_REDUCED, CLAIM_CARRIED_OUT, VEHICLE_LEFT
from billing.models import Bill, BillAdjustment, BillChange
from billing.rules.rounding import cut
from billing.selectors.owed import owed_on
from billing.services.life.acts import Act, Details, LineNow, in_force, lines_now, refuse_too_little, step
from billing.services.life.post_change import post_change
from billing.states import BillStatus
from core import clock, outbox
from core.errors import Refusal
from ledger.services import Posting, Purpose

ARTICLE: Final = "지방세기본법 제58조"


class NothingToReduce(Refusal):
    message = _("Enter by how much at least one tax is reduced.")


class ReducedTooMuch(Refusal):
    message = _("A tax can't be reduced by more than it comes to. Look at the bill again.")


class ReducedToNothing(Refusal):
    message = _("Nothing would be left of this bill. Cancel it instead.")


def check_reduction(bill: Bill, details: Details, *, at: datetime) -> None:
    """`details` is {"lines": {line id: won, …}}; of a car that left also {"left": {"occasion", "on": day}}, on a claim
    also {"claim": {"id", "on": day}}.

    What is left of a tax is cut to 10 won (article 59).
    """
    in_force(bill)
    now = lines_now(bill)
    off = _reductions(now, details)
    if sum(off.values()) == sum(line.amount for line in now):
        raise ReducedToNothing
    refuse_too_little(bill, {line.id: line.amount - off.get(line.id, 0) for line in now})


def do_reduction(bill: Bill, change: BillChange, *, at: datetime) -> None:
    now = lines_now(bill)
    returned = take_off(bill, change, now, _reductions(now, change.details), at=at)
    _tell(BILL_REDUCED, bill, change, returned)
    left = change.details.get("left")
    if left:  # the day from which interest on it runs
        outbox.publish(VEHICLE_LEFT, bill_id=bill.pk, change_id=change.pk, on=left["on"])


def check_cancelling(bill: Bill, details: Details, *, at: datetime) -> None:
    in_force(bill)


def do_cancelling(bill: Bill, change: BillChange, *, at: datetime) -> None:
    now = lines_now(bill)
    step(bill, BillStatus.ISSUED, BillStatus.CANCELLED)
    returned = take_off(bill, change, now, {line.id: line.amount for line in now if line.amount}, at=at)
    _tell(BILL_CANCELLED, bill, change, returned)


def take_off(bill: Bill, change: BillChange, now: Iterable[LineNow], off: Mapping[int, int], *, at: datetime) -> int:
    """Write facts beside the lines and the reversing entry; returns what is now to be paid back, in won.

    What was paid on a tax beyond its new amount goes back, and so does the surcharge that a smaller tax would not have
    borne.
    """
    now = list(now)
    rows = [
        BillAdjustment(
            bill=bill,
            line_id=line.id,
            change=change,
            credit=False,
            amount=off[line.id],
            returned=min(max(line.tax_paid - (line.amount - off[line.id]), 0), off[line.id]),
            surcharge_returned=0,
        )
        for line in now
        if off.get(line.id)
    ]
    BillAdjustment.objects.bulk_create(rows)
    rows += _surcharge_back(bill, change, now, at=at)
    taxes = {line.id: line.tax for line in now}
    post_change(
        change_id=change.pk,
        kind="levy_cancelled" if bill.status == BillStatus.CANCELLED else "levy_reduced",
        at=at,
        postings=[side for row in rows for side in _sides(bill, taxes[row.line_id], row)],
    )
    return sum(row.returned + row.surcharge_returned for row in rows)


def _surcharge_back(bill: Bill, change: BillChange, now: Iterable[LineNow], *, at: datetime) -> list[BillAdjustment]:
    due = {line.line_id: line for line in owed_on(bill_ids=[bill.pk], on=clock.local_date(at))[bill.pk].lines}
    rows = [
        BillAdjustment(
            bill=bill,
            line_id=line.id,
            change=change,
            credit=False,
            amount=0,
            returned=0,
            surcharge_returned=line.surcharge_paid - due[line.id].surcharge,
        )
        for line in now
        if line.surcharge_paid > due[line.id].surcharge
    ]
    BillAdjustment.objects.bulk_create(rows)
    return rows


def _sides(bill: Bill, tax: str, row: BillAdjustment) -> list[Posting]:
    back = row.returned + row.surcharge_returned
    amounts = (
        (Purpose.REVENUE, row.amount + row.surcharge_returned),
        (Purpose.RECEIVABLE, row.returned - row.amount),
        (Purpose.REFUND_PAYABLE, -back),
    )
    return [Posting(bill.body_id, tax, purpose, amount) for purpose, amount in amounts if amount]


def _reductions(now: Iterable[LineNow], details: Details) -> dict[int, int]:
    """By how much each line is reduced, so that what is left is cut to 10 won."""
    asked = {int(line): int(won) for line, won in details["lines"].items() if won}
    known = {line.id: line.amount for line in now}
    if not asked or min(asked.values()) < 0:
        raise NothingToReduce
    if any(won > known.get(line, 0) for line, won in asked.items()):
        raise ReducedTooMuch
    return {line: known[line] - cut(known[line] - won) for line, won in asked.items()}


def _tell(topic: str, bill: Bill, change: BillChange, returned: int) -> None:
    claim = change.details.get("claim")
    if claim:
        facts = {"claim_id": claim["id"], "claimed_on": claim["on"]}
        outbox.publish(CLAIM_CARRIED_OUT, bill_id=bill.pk, change_id=change.pk, **facts)
    outbox.publish(
        topic,
        bill_id=bill.pk,
        change_id=change.pk,
        taxpayer_id=bill.taxpayer_id,
        amount=change.amount,
        excess=returned,
    )


REDUCE: Final = Act(article=ARTICLE, check=check_reduction, do=do_reduction)
CANCEL: Final = Act(article=ARTICLE, check=check_cancelling, do=do_cancelling)
