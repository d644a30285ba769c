"""The shop takes the money of an authenticated payment, at once or by capturing later."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import book
from sandbox.acquirer.book import Payment
from sandbox.acquirer.house import House, approve, end, take
from sandbox.acquirer.states import Status
from sandbox.answers import Answer
from sandbox.cards import Behaviour
from sandbox.errors import ApiError

LATE_BY = 3.0
SLOW_BY = 5.0
DECLINED = {"code": "REJECT_CARD_PAYMENT", "message": "Limit exceeded or balance too low."}
REFUSALS = {
    Status.READY: "NOT_AUTHENTICATED_PAYMENT",
    Status.ABORTED: "ABORTED_PAYMENT",
    Status.EXPIRED: "EXPIRED_PAYMENT",
}


def confirm(house: House, body: Mapping[str, Any]) -> Answer:
    payment = book.find(house.db, column="key", value=fields.text(body, "paymentKey", longest=200))
    if not payment.is_hosted:
        raise ApiError("NOT_FOUND_PAYMENT")
    if fields.order_id(body) != payment.order_id:
        raise ApiError("INVALID_ORDER_ID")
    if fields.amount(body, "amount") != payment.total:
        raise ApiError("INVALID_AMOUNT")
    if payment.status != Status.IN_PROGRESS:
        raise ApiError(REFUSALS.get(payment.status, "ALREADY_PROCESSED_PAYMENT"))
    return _ask_issuer(house, payment)


def capture(house: House, payment_key: str, body: Mapping[str, Any]) -> Answer:
    """Take what the issuer keeps for the shop."""
    payment = book.find(house.db, column="key", value=payment_key)
    if fields.order_id(body) != payment.order_id:
        raise ApiError("INVALID_ORDER_ID")
    if fields.amount(body, "amount") != payment.total:
        raise ApiError("INVALID_AMOUNT")
    if payment.status != Status.AUTHORIZED:
        early = payment.status in (Status.READY, Status.IN_PROGRESS)
        raise ApiError("NOT_AUTHENTICATED_PAYMENT" if early else "ALREADY_PROCESSED_PAYMENT")
    return Answer(status=200, body=house.shown(take(house, payment)))


def _ask_issuer(house: House, payment: Payment) -> Answer:
    match payment.behaviour:
        case Behaviour.DECLINE:
            end(house, payment, status=Status.ABORTED, failure=DECLINED)
            return Answer.refusal(ApiError("REJECT_CARD_PAYMENT"))
        case Behaviour.APPROVE_LATE:
            if payment.approval_due is None:
                book.change(house.db, payment, approval_due=time.time() + LATE_BY)
            return Answer.refusal(ApiError("PROVIDER_ERROR"))
        case _:
            return Answer(
                status=200,
                body=house.shown(approve(house, payment)),
                lost=payment.behaviour == Behaviour.LOSE_ANSWER,
                delay=SLOW_BY if payment.behaviour == Behaviour.SLOW else 0,
            )
