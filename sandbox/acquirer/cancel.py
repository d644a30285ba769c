"""Giving money back, whole or part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import book, mandates
from sandbox.acquirer.book import Payment
from sandbox.acquirer.house import House, end
from sandbox.acquirer.states import Kind, Status
from sandbox.errors import ApiError

DEPOSITED = ("VIRTUAL_ACCOUNT", "CONVENIENCE_STORE")
NOTHING_TAKEN = (Status.READY, Status.IN_PROGRESS, Status.AUTHORIZED, Status.PROCESSING, Status.ABORTED)


def cancel(house: House, payment_key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    payment = book.find(house.db, column="key", value=payment_key)
    reason = fields.text(body, "cancelReason", longest=200)
    asked = None if body.get("cancelAmount") is None else fields.amount(body, "cancelAmount")
    account = _refund_account(body)
    if payment.method in DEPOSITED and not payment.movements:
        return _call_off(house, payment, asked, body)
    _require_cancelable(payment)
    _require_believed_balance(payment, body)
    amount = payment.balance if asked is None else asked
    if amount > payment.balance:
        raise ApiError("NOT_CANCELABLE_AMOUNT")
    if payment.method in DEPOSITED and account is None:
        raise ApiError("INVALID_REFUND_ACCOUNT_INFO")
    return _give_back(house, payment, amount, reason, account)


def _give_back(
    house: House, payment: Payment, amount: int, reason: str, account: dict[str, str] | None
) -> dict[str, Any]:
    now = house.clock.now()
    status = _status_after(payment, payment.balance - amount)
    facts: dict[str, book.Fact] = {"refund_account": account} if account else {}
    if payment.status == Status.WAITING_FOR_DEPOSIT and status == Status.CANCELED:
        facts["closed"] = 1
    given = book.move(
        house.db, payment, kind=Kind.CANCEL, amount=amount, at=now, status=status, reason=reason, facts=facts
    )
    if payment.mandate_key is not None:
        mandates.put_in(house.db, payment.mandate_key, amount)
    house.outbox.status_changed(given, movement=given.movements[-1], at=now)
    return house.shown(given)


def _call_off(house: House, payment: Payment, asked: int | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """A virtual account that nobody paid into yet."""
    if payment.status == Status.CANCELED:
        raise ApiError("ALREADY_CANCELED_PAYMENT")
    if payment.status != Status.WAITING_FOR_DEPOSIT:
        raise ApiError("NOT_CANCELABLE_PAYMENT")
    _require_believed_balance(payment, body)
    if asked is not None and asked != payment.total:
        raise ApiError("NOT_CANCELABLE_AMOUNT")
    return house.shown(end(house, book.change(house.db, payment, closed=1), status=Status.CANCELED))


def _require_cancelable(payment: Payment) -> None:
    if (
        payment.status in (Status.READY, Status.IN_PROGRESS, Status.AUTHORIZED, Status.PROCESSING, Status.ABORTED)
        or not payment.movements
    ):
        raise ApiError("NOT_CANCELABLE_PAYMENT")
    if payment.balance == 0:
        canceled = any(movement.kind == Kind.CANCEL for movement in payment.movements)
        raise ApiError("ALREADY_CANCELED_PAYMENT" if canceled else "NOT_CANCELABLE_PAYMENT")


def _require_believed_balance(payment: Payment, body: Mapping[str, Any]) -> None:
    if body.get("refundableAmount") is not None and fields.amount(body, "refundableAmount") != payment.balance:
        raise ApiError("NOT_MATCHES_REFUNDABLE_AMOUNT")


def _status_after(payment: Payment, left: int) -> Status:
    if left == 0:
        return Status.CANCELED
    return Status.PARTIAL_CANCELED if payment.status == Status.DONE else payment.status


def _refund_account(body: Mapping[str, Any]) -> dict[str, str] | None:
    value = body.get("refundReceiveAccount")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise fields.invalid("refundReceiveAccount", "an object")
    number = fields.text(value, "accountNumber", longest=20, shortest=6)
    if not (number.isascii() and number.isdigit()):
        raise fields.invalid("accountNumber", "digits only")
    if not number.strip("0"):
        raise ApiError("INVALID_REFUND_ACCOUNT_NUMBER")
    return {
        "bank": fields.text(value, "bank", longest=3),
        "accountNumber": number,
        "holderName": fields.text(value, "holderName", longest=60),
    }
