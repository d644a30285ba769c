"""What mileage does when it hears of something; each may be run twice."""

from __future__ import annotations

from core import clock
from core.outbox import Event
from mileage.events import PARTNER
from mileage.ports import paid_bills
from mileage.services.accrue import reckon_bills
from mileage.services.batches import carry_out_answers, cash_came_back, owe_partner_again, pay_cash
from mileage.services.draw import bind_seed, draw_lots, make_list


def bills_changed(event: Event) -> None:
    """Money came for bills or was taken back, or an officer changed one: their points are reckoned anew."""
    told = event.payload
    named = [*(told.get("bill_ids") or ()), told.get("bill_id"), told.get("new_bill_id")]
    reckon_bills(bill_ids=[bill for bill in named if bill is not None], at=clock.now())


def due_dates_moved(event: Event) -> None:
    """Heard: billing.due_dates_moved.v1. What was paid in time by the new day earns; most bills are not paid yet."""
    told = paid_bills()(bill_ids=event.payload.get("bill_ids", ()))
    reckon_bills(bill_ids=[bill.bill_id for bill in told if bill.by_channel], at=clock.now())


def batch_sent(event: Event) -> None:
    """Heard: mileage.batch_sent.v1. Points that become money are spent, and the money ordered."""
    pay_cash(batch_id=event.payload["batch_id"], at=clock.now())


def batch_answered(event: Event) -> None:
    """Heard: mileage.batch_answered.v1."""
    carry_out_answers(batch_id=event.payload["batch_id"], at=clock.now())


def draw_begun(event: Event) -> None:
    """Heard: mileage.draw_begun.v1."""
    bind_seed(draw_id=event.payload["draw_id"], at=clock.now())


def draw_committed(event: Event) -> None:
    """Heard: mileage.draw_committed.v1. In a commit of its own, so that the seed stands in the log before the list."""
    make_list(draw_id=event.payload["draw_id"], at=clock.now())


def draw_decided(event: Event) -> None:
    """Heard: mileage.draw_decided.v1."""
    draw_lots(draw_id=event.payload["draw_id"], at=clock.now())


def transfer_failed(event: Event) -> None:
    """Heard: payments.transfer_rejected.v1, payments.transfer_returned.v1. Points that became money are points again;
    a partner is still owed, and paid by another transfer, to the account that the city's pack names by then."""
    told = event.payload
    if told["purpose"] != "mileage":
        return
    if str(told["key"]).startswith(PARTNER):
        owe_partner_again(key=told["key"].removeprefix(PARTNER), transfer=told["transfer_id"], amount=told["amount"])
    else:
        cash_came_back(reference=told["key"], key=str(told["transfer_id"]), at=clock.now())
