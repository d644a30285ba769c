"""Virtual accounts: issued for one payment, closed when no more money is wanted."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import book
from sandbox.acquirer.house import House, end
from sandbox.acquirer.states import Status
from sandbox.errors import ApiError

BANKS = ("03", "06", "11", "20", "81", "88")
DEFAULT_HOURS = 168
MOST_HOURS = 720


def issue(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    house.outbox.require_room()
    now = house.clock.now()
    bank = fields.text(body, "bank", longest=3)
    if bank not in BANKS:
        raise ApiError("INVALID_BANK")
    payment = book.create(
        house.db,
        key=book.new_key("pay"),
        order_id=fields.order_id(body),
        order_name=fields.text(body, "orderName", longest=100),
        method="VIRTUAL_ACCOUNT",
        status=Status.WAITING_FOR_DEPOSIT,
        currency=fields.currency(body),
        total=fields.amount(body, "amount"),
        requested_at=now,
        expires_at=due(body, now),
        bank=bank,
        account_number=free_number(house.db, "990", 14),
        customer_name=fields.text(body, "customerName", longest=100),
        secret=book.new_key("ps"),
    )
    return house.shown(payment)


def close(house: House, payment_key: str) -> dict[str, Any]:
    payment = book.find(house.db, column="key", value=payment_key)
    if payment.method != "VIRTUAL_ACCOUNT":
        raise ApiError("NOT_FOUND_PAYMENT")
    closed = book.change(house.db, payment, closed=1)
    if closed.status == Status.WAITING_FOR_DEPOSIT:
        closed = end(house, closed, status=Status.EXPIRED if closed.movements else Status.CANCELED)
    return house.shown(closed)


def due(body: Mapping[str, Any], now: int) -> int:
    hours, date = body.get("validHours"), body.get("dueDate")
    if hours is not None and date is not None:
        raise fields.invalid("dueDate", "either this or validHours")
    if date is None:
        valid = DEFAULT_HOURS if hours is None else fields.whole(body, "validHours", low=1, high=MOST_HOURS)
        return now + valid * 3600
    due = fields.moment(fields.text(body, "dueDate", longest=40), "dueDate")
    if not now < due <= now + MOST_HOURS * 3600:
        raise fields.invalid("dueDate", f"to come, and within {MOST_HOURS} hours")
    return due


def free_number(db: sqlite3.Connection, head: str, length: int) -> str:
    """A number that nobody has."""
    rest = length - len(head)
    while True:
        number = f"{head}{secrets.randbelow(10**rest):0{rest}d}"
        if db.execute("SELECT 1 FROM payment WHERE account_number = ?", (number,)).fetchone() is None:
            return number
