"""Numbers for the till of a convenience store: each pays its exact amount once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import bank, book
from sandbox.acquirer.accounts import due, free_number
from sandbox.acquirer.book import Payment
from sandbox.acquirer.house import House
from sandbox.acquirer.states import Status
from sandbox.errors import ApiError

LIMIT = 500_000
LENGTH = 16


def issue(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    house.outbox.require_room()
    now = house.clock.now()
    amount = fields.amount(body, "amount")
    if amount > LIMIT:
        raise ApiError("EXCEED_MAX_AMOUNT")
    payment = book.create(
        house.db,
        key=book.new_key("pay"),
        order_id=fields.order_id(body),
        order_name=fields.text(body, "orderName", longest=100),
        method="CONVENIENCE_STORE",
        status=Status.WAITING_FOR_DEPOSIT,
        currency=fields.currency(body),
        total=amount,
        requested_at=now,
        expires_at=due({"dueDate": fields.text(body, "expiresAt", longest=40)}, now),
        account_number=free_number(house.db, "7", LENGTH),
    )
    return house.shown(payment)


def at_till(house: House, number: str) -> Payment:
    """The payment that a till may take; what it refuses is an ApiError."""
    digits = "".join(number.split()).replace("-", "")
    try:
        payment = book.find(house.db, column="account_number", value=digits)
    except ApiError as error:
        raise ApiError("NOT_FOUND_CODE") from error
    if not payment.at_a_till:
        raise ApiError("NOT_FOUND_CODE")
    if payment.status == Status.EXPIRED:
        raise ApiError("EXPIRED_CODE")
    if payment.status != Status.WAITING_FOR_DEPOSIT:
        raise ApiError("PAID_CODE")
    return payment


def pay(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    payment = at_till(house, fields.text(body, "number", longest=40))
    return _told(bank.pay_in(house, payment, amount=payment.total, depositor="CVS"))


def void(house: House, transaction_key: str) -> dict[str, Any]:
    """The clerk takes it back."""
    return _told(bank.take_back(house, transaction_key))


def _told(transfer: dict[str, Any]) -> dict[str, Any]:
    kept = ("transactionKey", "originalTransactionKey", "amount", "depositedAt")
    return {"number": transfer["accountNumber"], **{name: transfer[name] for name in kept if name in transfer}}
