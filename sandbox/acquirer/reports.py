"""Lists for reconciliation: every movement, and what the acquirer pays out."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sandbox import fields
from sandbox.acquirer.house import House
from sandbox.acquirer.states import MONEY_IN, Kind
from sandbox.acquirer.wire import paid_out_date
from sandbox.clock import CITY, city_date, iso
from sandbox.errors import ApiError

ACCOUNT_FEE = 330
LONGEST_WAIT = timedelta(days=4)  # two weekdays and a weekend between sale and payout
_JOINED = (
    "SELECT m.*, p.order_id, p.method, p.currency FROM movement m JOIN payment p ON p.key = m.payment_key"
    " WHERE m.at >= ? AND m.at < ?"
)


def transactions(house: House, query: Mapping[str, str]) -> list[dict[str, Any]]:
    start = fields.moment(fields.text(query, "startDate", longest=40), "startDate")
    end = fields.moment(fields.text(query, "endDate", longest=40), "endDate")
    after = 0
    if "startingAfter" in query:
        key = query["startingAfter"]
        row = house.db.execute("SELECT seq FROM movement WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise fields.invalid("startingAfter", "no such transactionKey")
        after = row["seq"]
    order = [query["orderId"]] if "orderId" in query else []
    rows = house.db.execute(
        _JOINED + " AND m.seq > ?" + " AND p.order_id = ?" * len(order) + " ORDER BY m.seq LIMIT ?",
        (start, end, after, *order, _number(query, "limit", 100)),
    )
    return [_transaction(row) for row in rows]


def settlements(house: House, query: Mapping[str, str]) -> list[dict[str, Any]]:
    start, end = _day(query, "startDate"), _day(query, "endDate")
    by = query.get("dateType", "soldDate")
    if by not in ("soldDate", "paidOutDate"):
        raise fields.invalid("dateType", "soldDate or paidOutDate")
    size, number = _number(query, "size", 100), _number(query, "page", 1, most=1_000_000)
    first = start - LONGEST_WAIT if by == "paidOutDate" else start
    rows = house.db.execute(_JOINED + " ORDER BY m.seq", (_midnight(first), _midnight(end + timedelta(days=1))))
    listed = (_settlement(row) for row in rows)
    wanted = [row for row in listed if start.isoformat() <= row[by] <= end.isoformat()]
    return wanted[(number - 1) * size : number * size]


def _transaction(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "mId": "sandbox",
        "transactionKey": row["key"],
        "originalTransactionKey": row["original_key"],
        "paymentKey": row["payment_key"],
        "orderId": row["order_id"],
        "method": row["method"],
        "kind": row["kind"],
        "amount": row["amount"],
        "currency": row["currency"],
        "status": row["status"],
        "transactionAt": iso(row["at"]),
    }


def _settlement(row: sqlite3.Row) -> dict[str, Any]:
    amount = row["amount"] if row["kind"] in MONEY_IN else -row["amount"]
    fee = _fee(row["method"], row["kind"], amount)
    vat = _towards_zero(fee, 11)
    sold = city_date(row["at"])
    return {
        "mId": "sandbox",
        "paymentKey": row["payment_key"],
        "transactionKey": row["key"],
        "orderId": row["order_id"],
        "currency": row["currency"],
        "method": row["method"],
        "kind": row["kind"],
        "approvedAt": iso(row["at"]),
        "soldDate": sold,
        "paidOutDate": paid_out_date(sold),
        "amount": amount,
        "fees": [{"type": "BASE", "fee": fee}],
        "fee": fee,
        "supplyAmount": fee - vat,
        "vat": vat,
        "interestFee": 0,
        "payOutAmount": amount - fee,
    }


def _fee(method: str, kind: str, amount: int) -> int:
    """0.8 % of a card's, wallet's or phone bill's movement; a fixed fee for each deposit and debit."""
    if method not in ("VIRTUAL_ACCOUNT", "CONVENIENCE_STORE", "DEBIT"):
        return _towards_zero(amount * 8, 1000)
    return ACCOUNT_FEE if kind in (Kind.DEPOSIT, Kind.APPROVAL) else 0


def _towards_zero(number: int, divisor: int) -> int:
    return number // divisor if number >= 0 else -(-number // divisor)


def _number(query: Mapping[str, str], name: str, default: int, *, most: int = 1000) -> int:
    value = query.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= most):
        raise fields.invalid(name, f"a whole number from 1 to {most}")
    return int(value)


def _day(query: Mapping[str, str], name: str) -> date:
    value = fields.text(query, name, longest=10)
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise fields.invalid(name, "a date, YYYY-MM-DD") from error
    if not 1971 <= day.year <= 9998:
        raise ApiError("INVALID_REQUEST", f"{name}: out of range")
    return day


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), CITY).timestamp())
