"""Lists for reconciliation: approvals and cancellations, and what is paid out of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sandbox import fields
from sandbox.clock import CITY, city_date, iso
from sandbox.toss import book
from sandbox.toss.book import Movement
from sandbox.toss.errors import TossError
from sandbox.toss.house import House
from sandbox.toss.states import Kind
from sandbox.toss.wire import MERCHANT, account, cancel_object, paid_out_date

ACCOUNT_FEE = 440
CARD_FEE = 15  # of a thousand
MOST = 5000
LONGEST_WAIT = timedelta(days=4)  # two weekdays and a weekend between sale and payout
# An approval that the bank took back no longer stands, and a cancellation before the deposit moved nothing.
_STANDING = (
    "SELECT m.* FROM movement m WHERE m.at >= ? AND m.at < ? AND m.kind IN ('APPROVAL', 'DEPOSIT', 'CANCEL')"
    " AND NOT EXISTS (SELECT 1 FROM movement r WHERE r.taken_back = m.transfer)"
)


def transactions(house: House, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """GET /v1/transactions."""
    start, end = _moment(query, "startDate"), _moment(query, "endDate")
    after = 0
    if "startingAfter" in query:
        row = house.db.execute(
            "SELECT max(seq) AS seq FROM movement WHERE key = ?", (query["startingAfter"],)
        ).fetchone()
        if row["seq"] is None:
            raise TossError("INVALID_PAGING_KEY")
        after = row["seq"]
    rows = house.db.execute(
        _STANDING + " AND m.seq > ? ORDER BY m.seq LIMIT ?", (start, end + 1, after, _number(query, "limit", 100))
    )
    return [_transaction(house, book.read_movement(row)) for row in rows.fetchall()]


def settlements(house: House, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """GET /v1/settlements: what was sold before today."""
    start, end = _day(query, "startDate"), _day(query, "endDate")
    by = query.get("dateType", "soldDate")
    if by not in ("soldDate", "paidOutDate"):
        raise fields.invalid("dateType", "soldDate or paidOutDate")
    size, number = _number(query, "size", 100), _number(query, "page", 1)
    first = start - LONGEST_WAIT if by == "paidOutDate" else start
    today = date.fromisoformat(city_date(house.clock.now()))
    last = min(end + timedelta(days=1), today)
    rows = house.db.execute(_STANDING + " ORDER BY m.seq", (_midnight(first), _midnight(last))).fetchall()
    listed = (_settlement(house, row) for row in rows)
    wanted = [row for row in listed if start.isoformat() <= row[by] <= end.isoformat()]
    return wanted[(number - 1) * size : number * size]


def _transaction(house: House, movement: Movement) -> dict[str, Any]:
    payment = book.find(house.db, movement.payment_key)
    return {
        "mId": MERCHANT,
        "transactionKey": movement.key,
        "paymentKey": payment.key,
        "orderId": payment.order_id,
        "method": payment.method,
        "customerKey": "@@ANONYMOUS",
        "useEscrow": False,
        "receiptUrl": f"{house.settings.public_url}/receipt/{payment.key}",
        "status": movement.status,
        "transactionAt": iso(movement.at),
        "currency": payment.currency,
        "amount": movement.amount,
    }


def _settlement(house: House, row: sqlite3.Row) -> dict[str, Any]:
    """Signed: of a cancellation everything is below zero, and approvedAt is still the approval's."""
    movement = book.read_movement(row)
    payment = book.find(house.db, movement.payment_key)
    fee = _fee(movement, is_card=payment.is_card)
    vat = _towards_zero(fee, 11)
    sold = city_date(movement.at)
    return {
        "mId": MERCHANT,
        "paymentKey": payment.key,
        "transactionKey": movement.key,
        "orderId": payment.order_id,
        "currency": payment.currency,
        "method": payment.method,
        "amount": movement.signed,
        "interestFee": 0,
        "fees": [{"type": "BASE", "fee": fee}, {"type": "ETC", "fee": 0}],
        "fee": fee,
        "supplyAmount": fee - vat,
        "vat": vat,
        "payOutAmount": movement.signed - fee,
        "approvedAt": iso(payment.approved_at or movement.at),
        "soldDate": sold,
        "paidOutDate": paid_out_date(sold),
        "card": None,
        "virtualAccount": None if payment.is_card else account(payment, house.clock.now()),
        "cancel": cancel_object(payment, movement) if movement.kind == Kind.CANCEL else None,
    }


def _fee(movement: Movement, *, is_card: bool) -> int:
    """A share of what a card paid, given back when cancelled; a fixed fee for a deposit, kept."""
    if is_card:
        return _towards_zero(movement.signed * CARD_FEE, 1000)
    return ACCOUNT_FEE if movement.kind == Kind.DEPOSIT else 0


def _towards_zero(number: int, divisor: int) -> int:
    return number // divisor if number >= 0 else -(-number // divisor)


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= MOST):
        raise fields.invalid(name, f"a whole number from 1 to {MOST}")
    return int(value)


def _moment(query: Mapping[str, str], name: str) -> int:
    return fields.moment(fields.text(query, name, longest=40), name)


def _day(query: Mapping[str, str], name: str) -> date:
    try:
        day = date.fromisoformat(fields.text(query, name, longest=10))
    except ValueError as error:
        raise TossError("INVALID_DATE", name) from error
    if not 1971 <= day.year <= 9998:
        raise TossError("INVALID_DATE", name)
    return day


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), CITY).timestamp())
