"""Payments and movements as they are kept, and the only functions that change them."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any

from sandbox.toss.errors import TossError
from sandbox.toss.states import APPROVED, SIGN, TRANSITIONS, Kind, Method, Status

MOST_MOVEMENTS = 1000  # of one payment: a demo account must not grow without end


@dataclass(frozen=True)
class Movement:
    seq: int
    key: str
    payment_key: str
    kind: Kind
    amount: int
    at: int
    status: Status
    transfer: str | None
    taken_back: str | None
    reason: str | None

    @property
    def signed(self) -> int:
        return SIGN[self.kind] * self.amount


@dataclass(frozen=True)
class Payment:
    key: str
    order_id: str
    order_name: str
    method: Method
    status: Status
    total: int
    tax_free: int
    requested_at: int
    expires_at: int
    approved_at: int | None
    transaction_key: str | None
    failure: dict[str, str] | None
    success_url: str
    fail_url: str
    card_number: str | None
    behaviour: str | None
    approve_no: str | None
    wrong_codes: int
    approval_due: float | None
    bank: str | None
    account_number: str | None
    customer_name: str | None
    depositor: str | None
    secret: str | None
    movements: tuple[Movement, ...]
    currency: str = "KRW"
    locale: str = ""
    by_phone: bool = False

    @property
    def is_card(self) -> bool:
        return self.method == Method.CARD

    @property
    def held(self) -> int:
        """What the merchant holds of this payment."""
        return sum(movement.signed for movement in self.movements)

    @property
    def balance(self) -> int:
        """What may be cancelled: all of it until it is approved."""
        if self.status == Status.CANCELED:
            return 0
        return self.total if self.approved_at is None else self.held


def new_payment_key() -> str:
    return "sandbox" + secrets.token_hex(20)


def new_transaction_key() -> str:
    return secrets.token_hex(16).upper()


def find(db: sqlite3.Connection, key: str) -> Payment:
    row = db.execute("SELECT * FROM payment WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise TossError("NOT_FOUND_PAYMENT")
    return _read(db, row)


def find_order(db: sqlite3.Connection, order_id: str) -> Payment:
    """The payment that was approved for this order, or the last one that was begun."""
    marks = ", ".join("?" * len(APPROVED))
    row = db.execute(
        f"SELECT * FROM payment WHERE order_id = ? ORDER BY status IN ({marks}) DESC, rowid DESC LIMIT 1",  # noqa: S608
        (order_id, *APPROVED),
    ).fetchone()
    if row is None:
        raise TossError("NOT_FOUND_PAYMENT")
    return _read(db, row)


def find_account(db: sqlite3.Connection, number: str) -> Payment | None:
    """Whose the account number is now: numbers are given again, the last to get one has it."""
    row = db.execute("SELECT * FROM payment WHERE account_number = ? ORDER BY rowid DESC LIMIT 1", (number,)).fetchone()
    return _read(db, row) if row else None


def _read(db: sqlite3.Connection, row: sqlite3.Row) -> Payment:
    values: dict[str, Any] = dict(row)
    rows = db.execute("SELECT * FROM movement WHERE payment_key = ? ORDER BY seq", (row["key"],))
    values["movements"] = tuple(read_movement(movement) for movement in rows)
    values["method"], values["status"] = Method(row["method"]), Status(row["status"])
    values["failure"] = json.loads(row["failure"]) if row["failure"] else None
    return Payment(**values)


def read_movement(row: sqlite3.Row) -> Movement:
    facts: dict[str, Any] = {**dict(row), "kind": Kind(row["kind"]), "status": Status(row["status"])}
    return Movement(**facts)


def require_new_order(db: sqlite3.Connection, order_id: str) -> None:
    """An order that was approved once is used up, also when it was cancelled."""
    try:
        known = find_order(db, order_id)
    except TossError:
        return
    if known.status in APPROVED:
        raise TossError("DUPLICATED_ORDER_ID")


def create(db: sqlite3.Connection, **facts: str | int) -> Payment:
    columns = {"key": new_payment_key(), **facts}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    db.execute(f"INSERT INTO payment ({names}) VALUES ({marks})", tuple(columns.values()))  # noqa: S608 - fixed names
    return find(db, str(columns["key"]))


Fact = str | float | dict[str, str] | None


def change(db: sqlite3.Connection, payment: Payment, *, status: Status | None = None, **facts: Fact) -> Payment:
    """Write facts about the payment; a new status only along an edge, and only from the status that we saw."""
    if status is not None and status != payment.status:
        assert status in TRANSITIONS[payment.status], f"{payment.status} -> {status}"  # noqa: S101
        facts["status"] = status
    if facts:
        assignments = ", ".join(f"{name} = ?" for name in facts)
        values = [json.dumps(fact, ensure_ascii=False) if isinstance(fact, dict) else fact for fact in facts.values()]
        done = db.execute(
            f"UPDATE payment SET {assignments} WHERE key = ? AND status = ?",  # noqa: S608 - fixed names
            (*values, payment.key, payment.status),
        )
        assert done.rowcount == 1  # noqa: S101
    return find(db, payment.key)


def move(
    db: sqlite3.Connection,
    payment: Payment,
    *,
    kind: Kind,
    amount: int,
    at: int,
    status: Status,
    key: str,
    transfer: str | None = None,
    taken_back: str | None = None,
    reason: str | None = None,
    **facts: Fact,
) -> Payment:
    """Book one movement together with the status that it leads to."""
    if len(payment.movements) >= MOST_MOVEMENTS:
        raise TossError("FORBIDDEN_CONSECUTIVE_REQUEST", "too many movements of one payment")
    db.execute(
        "INSERT INTO movement (key, payment_key, kind, amount, at, status, transfer, taken_back, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (key, payment.key, kind, amount, at, status, transfer, taken_back, reason),
    )
    return change(db, payment, status=status, transaction_key=key, **facts)
