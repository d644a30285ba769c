"""What refunds does when it hears of something; each may be run twice."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from core import clock
from core.outbox import Event
from payments.services import TransferPurpose, return_points
from refunds import tasks
from refunds.services.carry_out import carry_out
from refunds.services.causes import appeal_upheld as note_appeal
from refunds.services.causes import day_named
from refunds.services.claim import carried_out, change_refused
from refunds.services.figure import compute
from refunds.services.find import look_at_bill, return_to_sender
from refunds.services.send import hear_of_cancellation
from refunds.services.transfer import hear_of_transfer
from refunds.states import Cause

log = structlog.get_logger(__name__)


def bill_has_money_back(event: Event) -> None:
    """`payments.overpaid.v1`, `billing.reduced.v1`, `billing.cancelled.v1`: the bill itself says what is to go back."""
    look_at_bill(bill_id=event.payload["bill_id"], at=clock.now())


def money_taken_back(event: Event) -> None:
    """`payments.reversed.v1`: less may be owed on these bills, or on those that they replaced."""
    bill_ids, at = sorted(event.payload["bill_ids"]), clock.now()
    return_points(bill_ids=bill_ids, at=at)  # all of them first: its locks come before those on bills
    for bill_id in bill_ids:
        look_at_bill(bill_id=bill_id, at=at)


def suspense_to_return(event: Event) -> None:
    """`payments.suspense_to_return.v1`: two officers want money back where it came from."""
    return_to_sender(case_id=event.payload["case_id"], at=clock.now())


def figures_asked(event: Event) -> None:
    """`refunds.figures_asked.v1`."""
    compute(refund_id=event.payload["refund_id"], at=clock.now())


def approved(event: Event) -> None:
    """`refunds.approved.v1`: bills are paid and payments out written; the gateway is asked after the commit."""
    carry_out(refund_id=event.payload["refund_id"], at=clock.now())
    transaction.on_commit(partial(_hurry, tasks.send_refunds))


def account_named(event: Event) -> None:
    """`refunds.account_named.v1`, `refunds.claim_answered.v1`, `refunds.question_asked.v1`.

    Banks are asked and mail goes out after the commit.
    """
    transaction.on_commit(partial(_hurry, tasks.talk))


def file_added(event: Event) -> None:
    """`refunds.file_added.v1`: the scanner is asked after the commit."""
    transaction.on_commit(partial(_hurry, tasks.scan))


def cancellation_ended(event: Event) -> None:
    """`payments.cancel_ended.v1`: a gateway gave a card payment back, or refused."""
    bill_id = hear_of_cancellation(cancellation_id=event.payload["cancellation_id"], at=clock.now())
    if bill_id is not None:
        look_at_bill(bill_id=bill_id, at=clock.now())


def transfer_booked(event: Event) -> None:
    """`payments.transfer_booked.v1`: a bank's statement shows that it left."""
    _transfer(event)


def transfer_failed(event: Event) -> None:
    """`payments.transfer_rejected.v1`, `payments.transfer_returned.v1`: the money is owed again."""
    _transfer(event)


def _transfer(event: Event) -> None:
    """The event says which transfer to look at; what became of it, the transfer itself says."""
    if event.payload["purpose"] == TransferPurpose.REFUND:
        hear_of_transfer(key=event.payload["key"], at=clock.now())


def appeal_upheld(event: Event) -> None:
    """`appeals.upheld.v1`: the reduction it led to is a judgment's, an objection's, or a complaint's."""
    told = event.payload
    note_appeal(
        change_id=told["change_id"], by=told["by"], final_on=date.fromisoformat(told["final_on"]), at=clock.now()
    )


def claim_carried_out(event: Event) -> None:
    """`billing.claim_carried_out.v1`: a bill was corrected as its payer claimed."""
    told = event.payload
    carried_out(claim_id=told["claim_id"], change_id=told["change_id"], at=clock.now())
    transaction.on_commit(partial(_hurry, tasks.talk))


def claim_change_refused(event: Event) -> None:
    """`billing.claim_change_refused.v1`: a second officer did not want the bill corrected so."""
    change_refused(claim_id=event.payload["claim_id"], change_id=event.payload["change_id"])


def prepaid_vehicle_left(event: Event) -> None:
    """`billing.vehicle_left.v1`: interest begins the day after it was sold or scrapped."""
    told = event.payload
    left_on = date.fromisoformat(told["on"])
    day_named(change_id=told["change_id"], cause=Cause.YEAR_PAID_AHEAD, event_on=left_on, at=clock.now())


def _hurry(task: Any) -> None:
    """The rows say what waits; a message to a worker only makes it sooner."""
    try:
        task.delay()
    except OperationalError:
        log.warning("refunds.broker_away")
