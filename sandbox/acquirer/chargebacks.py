"""A cardholder objects at the card company: the money goes at once, and the shop may answer until a day."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import book
from sandbox.acquirer.book import Payment
from sandbox.acquirer.house import House
from sandbox.acquirer.states import Kind
from sandbox.clock import iso
from sandbox.errors import ApiError

TEN_DAYS = 10 * 24 * 3600
LONGEST = 60 * 24 * 3600
MOST_FILES = 10
FILES = ("application/pdf", "image/png")


def raise_objection(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    """The card company takes what is left of a card payment, or a part of it."""
    payment = book.find(house.db, column="order_id", value=fields.text(body, "orderId", longest=64))
    if payment.method != "CARD" or not payment.held:
        raise ApiError("NOT_CANCELABLE_PAYMENT")
    amount = payment.held if body.get("amount") is None else fields.amount(body, "amount")
    if amount > payment.held:
        raise ApiError("NOT_CANCELABLE_AMOUNT")
    within = fields.whole(body, "respondWithin", low=0, high=LONGEST) if "respondWithin" in body else TEN_DAYS
    now = house.clock.now()
    taken = book.move(
        house.db,
        payment,
        kind=Kind.CHARGEBACK,
        amount=amount,
        at=now,
        status=payment.status,
        reason=fields.optional_text(body, "reason", longest=200) or "not recognised by the cardholder",
    )
    house.db.execute(
        "INSERT INTO chargeback (key, payment_key, respond_by, state) VALUES (?, ?, ?, 'OPEN')",
        (taken.movements[-1].key, payment.key, now + within),
    )
    return _tell(house, taken, taken.movements[-1].key)


def represent(house: House, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The shop answers, once and in time: a statement, and files that prove it."""
    row = _row(house, key)
    statement = fields.text(body, "statement", longest=2000)
    files = body.get("evidence", [])
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise fields.invalid("evidence", f"a list of at most {MOST_FILES}")
    received = [_file(one) for one in files]
    if row["state"] != "OPEN":
        raise ApiError("CHARGEBACK_CLOSED")
    if row["respond_by"] <= house.clock.now():
        raise ApiError("CHARGEBACK_EXPIRED")
    house.db.execute(
        "UPDATE chargeback SET state = 'REPRESENTED', statement = ?, evidence = ? WHERE key = ?",
        (statement, json.dumps(received, ensure_ascii=False), key),
    )
    return shown(house, key)


def _file(value: Any) -> dict[str, Any]:
    """What is kept of a file: its name, size and fingerprint."""
    if not isinstance(value, dict):
        raise fields.invalid("evidence", "objects")
    try:
        content = base64.b64decode(value.get("content") or "", validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise fields.invalid("content", "base64") from error
    if fields.text(value, "contentType", longest=40) not in FILES or not content:
        raise fields.invalid("contentType", ", ".join(FILES))
    name = fields.text(value, "name", longest=100)
    return {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def decide(house: House, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The card company decides: won, the money comes back as a movement of its own; lost, it stays where it is."""
    row = _row(house, key)
    outcome = fields.text(body, "outcome", longest=4)
    if outcome not in ("won", "lost"):
        raise fields.invalid("outcome", "won or lost")
    if row["state"] not in ("OPEN", "REPRESENTED"):
        raise ApiError("CHARGEBACK_CLOSED")
    house.db.execute("UPDATE chargeback SET state = ? WHERE key = ?", (outcome.upper(), key))
    payment = book.find(house.db, column="key", value=row["payment_key"])
    if outcome == "won":
        original = next(movement for movement in payment.movements if movement.key == key)
        payment = book.move(
            house.db,
            payment,
            kind=Kind.REPRESENTMENT,
            amount=original.amount,
            at=house.clock.now(),
            status=payment.status,
            original=original,
        )
    return _tell(house, payment, key)


def shown(house: House, key: str) -> dict[str, Any]:
    row = _row(house, key)
    payment = book.find(house.db, column="key", value=row["payment_key"])
    movement = next(one for one in payment.movements if one.key == key)
    return {
        "transactionKey": key,
        "paymentKey": payment.key,
        "orderId": payment.order_id,
        "amount": movement.amount,
        "currency": payment.currency,
        "reason": movement.reason,
        "respondBy": iso(row["respond_by"]),
        "state": row["state"],
        "occurredAt": iso(movement.at),
        "statement": row["statement"],
        "evidence": json.loads(row["evidence"]),
    }


def _tell(house: House, payment: Payment, key: str) -> dict[str, Any]:
    facts = shown(house, key)
    moved = payment.movements[-1] if payment.movements[-1].kind in (Kind.CHARGEBACK, Kind.REPRESENTMENT) else None
    if facts["state"] == "LOST":
        moved = None
    house.outbox.chargeback(payment, movement=moved, at=house.clock.now(), facts=facts)
    return facts


def _row(house: House, key: str) -> sqlite3.Row:
    row: sqlite3.Row | None = house.db.execute("SELECT * FROM chargeback WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise ApiError("NOT_FOUND_CHARGEBACK")
    return row
