"""Reading the sandbox acquirer's objects: every value is checked before it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from payments.gateways.base import (
    GatewayPayment,
    IssuedAccount,
    IssuedCode,
    Movement,
    MovementKind,
    Objection,
    ObjectionState,
    SettlementLine,
    Stage,
)

MOST_MONEY: Final = 9_999_999_999_999
# Beyond these a time is nonsense; nearer ones are measured against the attempt.
EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2200
STAGES: Final = {
    "READY": Stage.WAITING,
    "WAITING_FOR_DEPOSIT": Stage.WAITING,
    "IN_PROGRESS": Stage.AUTHENTICATED,
    "AUTHORIZED": Stage.RESERVED,
    "PROCESSING": Stage.PROCESSING,
    "DONE": Stage.DONE,
    "PARTIAL_CANCELED": Stage.DONE,
    "CANCELED": Stage.CANCELLED,
    "ABORTED": Stage.ABORTED,
    "EXPIRED": Stage.EXPIRED,
}
OBJECTIONS: Final = {
    "OPEN": ObjectionState.OPEN,
    "REPRESENTED": ObjectionState.REPRESENTED,
    "WON": ObjectionState.WON,
    "LOST": ObjectionState.LOST,
}
KINDS: Final = {
    "APPROVAL": MovementKind.APPROVAL,
    "DEPOSIT": MovementKind.DEPOSIT,
    "CANCEL": MovementKind.CANCEL,
    "DEPOSIT_RETURN": MovementKind.DEPOSIT_RETURN,
    "CHARGEBACK": MovementKind.CHARGEBACK,
    "REPRESENTMENT": MovementKind.REPRESENTMENT,
}


class Unreadable(ValueError):
    """A field is missing or is not what the protocol says; the message names it."""


def text(values: Mapping[str, Any], name: str, *, most: int = 200) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise Unreadable(name)
    return value


def amount(values: Mapping[str, Any], name: str) -> int:
    """Minor units: a positive whole number, not a boolean, not a float, not a text."""
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_MONEY:
        raise Unreadable(name)
    return value


def signed(values: Mapping[str, Any], name: str) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_MONEY:
        raise Unreadable(name)
    return value


def moment(values: Mapping[str, Any], name: str) -> datetime:
    """A time with its offset."""
    try:
        value = datetime.fromisoformat(text(values, name, most=40))
    except ValueError:
        raise Unreadable(name) from None
    if value.tzinfo is None or not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise Unreadable(name)
    return value


def day(values: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(text(values, name, most=10))
    except ValueError:
        raise Unreadable(name) from None


def section(values: Any, name: str) -> Mapping[str, Any]:
    value = values.get(name) if isinstance(values, Mapping) else None
    if not isinstance(value, Mapping):
        raise Unreadable(name)
    return value


def payment(values: Any) -> GatewayPayment:
    """The payment object."""
    if not isinstance(values, Mapping):
        raise Unreadable("payment")
    status = text(values, "status", most=40)
    if status not in STAGES:
        raise Unreadable("status")
    failure = values.get("failure")
    account = _account(values) if values.get("method") == "VIRTUAL_ACCOUNT" else None
    code = _code(values) if values.get("method") == "CONVENIENCE_STORE" else None
    checkout = values.get("checkout")
    return GatewayPayment(
        reference=text(values, "orderId", most=64),
        gateway_key=text(values, "paymentKey"),
        stage=STAGES[status],
        amount=amount(values, "totalAmount"),
        currency=text(values, "currency", most=3),
        movements=_paid_in(values, account, code),
        expires_at=moment(values, "expiresAt") if values.get("expiresAt") else None,
        failure=str(failure.get("code", ""))[:60] if isinstance(failure, Mapping) else "",
        page_url=text(checkout, "url", most=2000) if isinstance(checkout, Mapping) and not account else "",
        account=account,
        code=code,
    )


def _account(values: Mapping[str, Any]) -> IssuedAccount:
    account = section(values, "virtualAccount")
    return IssuedAccount(
        gateway_key=text(values, "paymentKey"),
        bank=text(account, "bankCode", most=3),
        number=text(account, "accountNumber", most=20),
        expires_at=moment(account, "dueDate"),
    )


def _code(values: Mapping[str, Any]) -> IssuedCode:
    code = section(values, "storeCode")
    number = text(code, "number", most=20)
    if not (number.isascii() and number.isdigit()):
        raise Unreadable("number")
    return IssuedCode(text(values, "paymentKey"), number, moment(code, "expiresAt"))


def _paid_in(values: Mapping[str, Any], account: IssuedAccount | None, code: IssuedCode | None) -> tuple[Movement, ...]:
    """Deposits to an account, what a till took by a code, or the approval of a page."""
    if account:
        return _deposits(section(values, "virtualAccount"), "deposits")
    return _deposits(section(values, "storeCode"), "payments") if code else _approval(values)


def _deposits(values: Mapping[str, Any], name: str) -> tuple[Movement, ...]:
    deposits = values.get(name)
    if not isinstance(deposits, list):
        raise Unreadable(name)
    return tuple(movement(one, at="depositedAt") for one in deposits)


def _approval(values: Mapping[str, Any]) -> tuple[Movement, ...]:
    """The approval, once money moved. After a cancel or a chargeback the last key is another's."""
    if not values.get("approvedAt") or not values.get("lastTransactionKey"):
        return ()
    if values.get("cancels") or values.get("chargebacks"):
        return ()
    key = text(values, "lastTransactionKey", most=64)
    return (Movement(key, MovementKind.APPROVAL, amount(values, "totalAmount"), moment(values, "approvedAt")),)


def movement(values: Mapping[str, Any], *, at: str) -> Movement:
    """A movement as a callback (`at` = occurredAt) or the list of movements (transactionAt) tells it."""
    return Movement(
        text(values, "transactionKey", most=64),
        _kind(values),
        amount(values, "amount"),
        moment(values, at),
        text(values, "originalTransactionKey", most=64) if values.get("originalTransactionKey") else "",
    )


def objection(values: Mapping[str, Any], *, key: str = "transactionKey", amount_of: str = "amount") -> Objection:
    """A chargeback object, or what its callback says beside the movement."""
    state = text(values, "state", most=20)
    if state not in OBJECTIONS:
        raise Unreadable("state")
    return Objection(
        movement_id=text(values, key, most=64),
        reference=text(values, "orderId", most=64),
        amount=amount(values, amount_of),
        reason=text(values, "reason"),
        respond_by=moment(values, "respondBy"),
        state=OBJECTIONS[state],
    )


def _kind(values: Mapping[str, Any]) -> MovementKind:
    kind = KINDS.get(text(values, "kind", most=40))
    if kind is None:
        raise Unreadable("kind")
    return kind


def settlement(values: Any) -> SettlementLine:
    if not isinstance(values, Mapping):
        raise Unreadable("settlement")
    return SettlementLine(
        movement_id=text(values, "transactionKey", most=64),
        reference=text(values, "orderId", most=64),
        amount=signed(values, "amount"),
        fee=signed(values, "supplyAmount"),
        fee_tax=signed(values, "vat"),
        paid_out=signed(values, "payOutAmount"),
        sold_on=day(values, "soldDate"),
        paid_out_on=day(values, "paidOutDate"),
    )
