"""Reading Toss Payments' objects (docs/protocols/toss.md): every value is checked before it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from payments.gateways import reading
from payments.gateways.base import (
    GatewayPayment,
    HostedPage,
    IssuedAccount,
    Movement,
    MovementKind,
    SettlementLine,
    Stage,
)
from payments.gateways.reading import Unreadable

KOREA: Final = timezone(timedelta(hours=9), "KST")
VIRTUAL_ACCOUNT: Final = "가상계좌"
PAGE_OPEN_FOR: Final = timedelta(minutes=30)
LONGEST_ID: Final = 64
# A movement that takes a deposit back is named after it, and must be no longer than any.
LONGEST_DEPOSIT_ID: Final = 59
STAGES: Final = {
    "READY": Stage.WAITING,
    "IN_PROGRESS": Stage.AUTHENTICATED,
    "WAITING_FOR_DEPOSIT": Stage.WAITING,
    "DONE": Stage.DONE,
    "PARTIAL_CANCELED": Stage.DONE,
    "CANCELED": Stage.CANCELLED,
    "ABORTED": Stage.ABORTED,
    "EXPIRED": Stage.EXPIRED,
}


def moment(values: Mapping[str, Any], name: str) -> datetime:
    """A time; without an offset it is Korean."""
    try:
        value = datetime.fromisoformat(reading.text(values, name, most=40))
    except ValueError:
        raise Unreadable(name) from None
    if not reading.EARLIEST_YEAR <= value.year <= reading.LATEST_YEAR:
        raise Unreadable(name)
    return value if value.tzinfo else value.replace(tzinfo=KOREA)


def written(at: datetime) -> str:
    """As requests write a time: Korean, whole seconds, nothing that says so.

    >>> written(datetime(2026, 6, 16, 14, 59, 59, tzinfo=timezone.utc))
    '2026-06-16T23:59:59'
    """
    return at.astimezone(KOREA).replace(tzinfo=None).isoformat(timespec="seconds")


def page(values: Any) -> HostedPage:
    """The window that was opened for a payment."""
    return HostedPage(
        reading.text(values, "paymentKey"),
        reading.text(reading.section(values, "checkout"), "url", most=2000),
        moment(values, "requestedAt") + PAGE_OPEN_FOR,
    )


def payment(values: Any) -> GatewayPayment:
    """The Payment object. Of one that was cancelled the approval is not in it: `approval` adds it from the list."""
    if not isinstance(values, Mapping):
        raise Unreadable("payment")
    account = _account(values) if values.get("method") == VIRTUAL_ACCOUNT else None
    checkout = values.get("checkout")
    failure = values.get("failure")
    return GatewayPayment(
        reference=reading.text(values, "orderId", most=64),
        gateway_key=reading.text(values, "paymentKey"),
        stage=_stage(values),
        amount=reading.amount(values, "totalAmount"),
        currency=reading.text(values, "currency", most=3),
        movements=_cancels(values) if was_cancelled(values) else _came(values),
        expires_at=account.expires_at if account else moment(values, "requestedAt") + PAGE_OPEN_FOR,
        failure=str(failure.get("code", ""))[:60] if isinstance(failure, Mapping) else "",
        page_url=reading.text(checkout, "url", most=2000) if isinstance(checkout, Mapping) and not account else "",
        account=account,
        complete=account is not None,
    )


def was_cancelled(values: Mapping[str, Any]) -> bool:
    """Whether money was given back. Before money came a cancellation moves none, whatever `cancels` lists."""
    return bool(values.get("approvedAt") and values.get("cancels"))


def with_approval(found: GatewayPayment, values: Mapping[str, Any], rows: Any) -> GatewayPayment:
    """Before the cancellations the approval itself, which the list of transactions still names."""
    approved_at = moment(values, "approvedAt")
    if not isinstance(rows, list):
        raise Unreadable("transactions")
    for row in rows:
        if row.get("paymentKey") == found.gateway_key and moment(row, "transactionAt") == approved_at:
            key = reading.text(row, "transactionKey", most=LONGEST_ID)
            if key not in {one.id for one in found.movements}:
                return replace(found, movements=(_money(values, key), *found.movements))
    raise Unreadable("approval")


def settlement(values: Any) -> SettlementLine:
    """A row of what is paid out; its fee without the tax on it."""
    if not isinstance(values, Mapping):
        raise Unreadable("settlement")
    key = reading.text(values, "transactionKey", most=LONGEST_ID)
    deposit = values.get("method") == VIRTUAL_ACCOUNT and not values.get("cancel")
    return SettlementLine(
        movement_id=_deposit_id(key, moment(values, "approvedAt")) if deposit else key,
        reference=reading.text(values, "orderId", most=64),
        amount=reading.signed(values, "amount"),
        fee=reading.signed(values, "supplyAmount"),
        fee_tax=reading.signed(values, "vat"),
        paid_out=reading.signed(values, "payOutAmount"),
        sold_on=reading.day(values, "soldDate"),
        paid_out_on=reading.day(values, "paidOutDate"),
    )


def _stage(values: Mapping[str, Any]) -> Stage:
    """A payment cancelled in parts keeps its status, and an account past its due date too: other fields decide."""
    status = reading.text(values, "status", most=40)
    if status not in STAGES:
        raise Unreadable("status")
    if status == "PARTIAL_CANCELED" and values.get("balanceAmount") == 0:
        return Stage.CANCELLED
    if status == "WAITING_FOR_DEPOSIT" and reading.section(values, "virtualAccount").get("expired") is True:
        return Stage.EXPIRED
    return STAGES[status]


def _account(values: Mapping[str, Any]) -> IssuedAccount:
    account = reading.section(values, "virtualAccount")
    return IssuedAccount(
        gateway_key=reading.text(values, "paymentKey"),
        bank=reading.text(account, "bankCode", most=3),
        number=reading.text(account, "accountNumber", most=20),
        expires_at=moment(account, "dueDate"),
        secret=reading.text(values, "secret", most=50) if values.get("secret") else "",
    )


def _came(values: Mapping[str, Any]) -> tuple[Movement, ...]:
    if not values.get("approvedAt"):
        return ()
    return (_money(values, reading.text(values, "lastTransactionKey", most=LONGEST_ID)),)


def _money(values: Mapping[str, Any], key: str) -> Movement:
    """The approval or the deposit: always the whole amount, at the moment of approval."""
    amount, at = reading.amount(values, "totalAmount"), moment(values, "approvedAt")
    if values.get("method") == VIRTUAL_ACCOUNT:
        return Movement(_deposit_id(key, at), MovementKind.DEPOSIT, amount, at)
    return Movement(key, MovementKind.APPROVAL, amount, at)


def _deposit_id(key: str, at: datetime) -> str:
    """Two deposits into one account, the first taken back by the bank, may bear one key: their moment tells them apart.

    >>> _deposit_id("9FF15E1A29D0E77C218F57262BFA4986", datetime(2026, 6, 16, tzinfo=timezone.utc))
    '9FF15E1A29D0E77C218F57262BFA4986@1781568000'
    """
    made = f"{key}@{int(at.timestamp())}"
    if len(made) > LONGEST_DEPOSIT_ID:
        raise Unreadable("transactionKey")
    return made


def _cancels(values: Mapping[str, Any]) -> tuple[Movement, ...]:
    cancels = values.get("cancels")
    if not isinstance(cancels, list) or not all(isinstance(one, Mapping) for one in cancels):
        raise Unreadable("cancels")
    return tuple(
        Movement(
            reading.text(one, "transactionKey", most=LONGEST_ID),
            MovementKind.CANCEL,
            reading.amount(one, "cancelAmount"),
            moment(one, "canceledAt"),
        )
        for one in cancels
    )
