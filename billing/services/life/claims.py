"""The end of a claim without payment: written off (결손처분), taken up again, prescribed (소멸시효)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.events import BILL_PRESCRIBED, BILL_REVIVED, BILL_WRITTEN_OFF
from billing.models import Bill, BillChange
from billing.selectors.prescription import claim_stands_until
from billing.services.life.acts import Act, BillNotInForce, Details, in_force, lines_now, step
from billing.services.life.post_change import post_change
from billing.states import BillStatus
from core import clock, outbox
from core.errors import Refusal
from ledger.services import Posting, Purpose


class NothingUnpaid(Refusal):
    message = _("Nothing of this bill is unpaid.")


class NotPrescribedYet(Refusal):
    message = _("The claim is not prescribed yet.")


def check_writing_off(bill: Bill, details: Details, *, at: datetime) -> None:
    in_force(bill)
    something_unpaid(bill)


def do_writing_off(bill: Bill, change: BillChange, *, at: datetime) -> None:
    step(bill, BillStatus.ISSUED, BillStatus.WRITTEN_OFF)
    _post("written_off", bill, change, -1, at=at)
    outbox.publish(BILL_WRITTEN_OFF, bill_id=bill.pk, change_id=change.pk)


def check_reviving(bill: Bill, details: Details, *, at: datetime) -> None:
    if bill.status != BillStatus.WRITTEN_OFF:
        raise BillNotInForce
    something_unpaid(bill)


def do_reviving(bill: Bill, change: BillChange, *, at: datetime) -> None:
    step(bill, BillStatus.WRITTEN_OFF, BillStatus.ISSUED)
    _post("written_off_revived", bill, change, 1, at=at)
    outbox.publish(BILL_REVIVED, bill_id=bill.pk, change_id=change.pk)


def check_prescribing(bill: Bill, details: Details, *, at: datetime) -> None:
    if bill.status not in (BillStatus.ISSUED, BillStatus.WRITTEN_OFF):
        raise BillNotInForce
    last = claim_stands_until(bill=bill)
    if last is None or clock.local_date(at) <= last:
        raise NotPrescribedYet
    something_unpaid(bill)


def do_prescribing(bill: Bill, change: BillChange, *, at: datetime) -> None:
    was = BillStatus(bill.status)
    step(bill, was, BillStatus.PRESCRIBED)
    if was == BillStatus.ISSUED:  # a written-off claim left the books when it was written off
        _post("prescribed", bill, change, -1, at=at)
    outbox.publish(BILL_PRESCRIBED, bill_id=bill.pk, change_id=change.pk)


def something_unpaid(bill: Bill) -> None:
    """Refuse a bill on which no tax is unpaid."""
    if not any(line.unpaid for line in lines_now(bill)):
        raise NothingUnpaid


def _post(kind: str, bill: Bill, change: BillChange, sign: int, *, at: datetime) -> None:
    sides = ((Purpose.RECEIVABLE, sign), (Purpose.REVENUE, -sign))
    post_change(
        change_id=change.pk,
        kind=kind,
        at=at,
        postings=[
            Posting(bill.body_id, line.tax, purpose, way * line.unpaid)
            for line in lines_now(bill)
            if line.unpaid
            for purpose, way in sides
        ],
    )


WRITE_OFF: Final = Act(article="지방세징수법 제106조", check=check_writing_off, do=do_writing_off)
REVIVE: Final = Act(article="지방세징수법 제106조", check=check_reviving, do=do_reviving)
PRESCRIBE: Final = Act(article="지방세기본법 제39조", check=check_prescribing, do=do_prescribing)
