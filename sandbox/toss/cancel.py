"""POST /v1/payments/{paymentKey}/cancel: giving money back, whole or part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.toss import book
from sandbox.toss.accounts import BANKS
from sandbox.toss.book import Payment
from sandbox.toss.errors import TossError
from sandbox.toss.house import House
from sandbox.toss.states import CANCELLATIONS, Kind, Status


def cancel(house: House, payment_key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    payment = book.find(house.db, payment_key)
    reason = fields.text(body, "cancelReason", longest=200)
    asked = None if body.get("cancelAmount") is None else fields.amount(body, "cancelAmount")
    believed = None if body.get("refundableAmount") is None else fields.amount(body, "refundableAmount")
    _require_cancelable(payment)
    if believed not in (None, payment.balance):
        raise TossError("NOT_MATCHES_REFUNDABLE_AMOUNT")
    amount = payment.balance if asked is None else asked
    if amount > payment.balance:
        raise TossError("NOT_CANCELABLE_AMOUNT")
    if payment.status == Status.WAITING_FOR_DEPOSIT:
        if amount != payment.balance:
            raise TossError("NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT")
        return _book(house, payment, Kind.CALL_OFF, amount, reason)
    if not payment.is_card:
        _require_account(body)
    return _book(house, payment, Kind.CANCEL, amount, reason)


def _require_cancelable(payment: Payment) -> None:
    """What was cancelled at once and what was cancelled in parts are refused under different codes."""
    if payment.status == Status.CANCELED:
        raise TossError("ALREADY_CANCELED_PAYMENT")
    if payment.status not in (Status.WAITING_FOR_DEPOSIT, Status.DONE, Status.PARTIAL_CANCELED):
        raise TossError("NOT_CANCELABLE_PAYMENT")
    if payment.balance == 0:
        raise TossError("NOT_CANCELABLE_AMOUNT")


def _require_account(body: Mapping[str, Any]) -> None:
    account = body.get("refundReceiveAccount")
    if not isinstance(account, dict):
        raise TossError("INVALID_REFUND_ACCOUNT_INFO")
    if fields.text(account, "bank", longest=30) not in BANKS:
        raise TossError("INVALID_BANK")
    number = fields.text(account, "accountNumber", longest=20)
    if not (number.isascii() and number.isdigit() and number.strip("0")):
        raise TossError("INVALID_REFUND_ACCOUNT_NUMBER")
    fields.text(account, "holderName", longest=60)


def _book(house: House, payment: Payment, kind: Kind, amount: int, reason: str) -> dict[str, Any]:
    """A payment once cancelled in part stays PARTIAL_CANCELED, also when nothing is left."""
    now = house.clock.now()
    in_parts = any(movement.kind in CANCELLATIONS for movement in payment.movements)
    whole = amount == payment.balance and not in_parts
    given = book.move(
        house.db,
        payment,
        kind=kind,
        amount=amount,
        at=now,
        status=Status.CANCELED if whole else Status.PARTIAL_CANCELED,
        key=book.new_transaction_key(),
        reason=reason,
    )
    house.outbox.tell(given, at=now)
    return house.shown(given)
