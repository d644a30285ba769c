"""Payments and movements as they are kept, and the only functions that change them."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.acquirer.states import MONEY_IN, TRANSITIONS, Kind, Status
from sandbox.errors import ApiError

MOST_MOVEMENTS = 1000  # of one payment: a demo account must not grow without end


@dataclass(frozen=True)
class Movement:
    key: str
    kind: Kind
    amount: int
    at: int
    status: Status
    original_key: str | None
    depositor: str | None
    reason: str | None

    @property
    def signed(self) -> int:
        return self.amount if self.kind in MONEY_IN else -self.amount


@dataclass(frozen=True)
class Payment:
    key: str
    order_id: str
    order_name: str
    method: str
    status: Status
    currency: str
    total: int
    requested_at: int
    expires_at: int
    approved_at: int | None
    failure: dict[str, str] | None
    capture: str
    locale: str
    success_url: str
    fail_url: str
    telephone: str | None
    card_number: str | None
    behaviour: str | None
    approve_no: str | None
    wrong_codes: int
    approval_due: float | None
    bank: str | None
    account_number: str | None
    customer_name: str | None
    secret: str | None
    closed: bool
    refund_account: dict[str, str] | None
    mandate_key: str | None
    movements: tuple[Movement, ...]

    @property
    def is_hosted(self) -> bool:
        """Whether the payer agrees on our page, rather than sending money or going to a store."""
        return self.method not in ("VIRTUAL_ACCOUNT", "CONVENIENCE_STORE", "DEBIT")

    @property
    def at_a_till(self) -> bool:
        """Whether it is paid by a number at the till of a convenience store."""
        return self.method == "CONVENIENCE_STORE"

    @property
    def by_phone(self) -> bool:
        return self.method in ("WALLET", "CARRIER")

    @property
    def on_a_page(self) -> bool:
        """Whether that page is in the payer's browser, rather than spoken on the telephone."""
        return self.is_hosted and self.telephone is None

    @property
    def held(self) -> int:
        """What the merchant holds of this payment."""
        return sum(movement.signed for movement in self.movements)

    @property
    def deposited(self) -> int:
        return sum(m.signed for m in self.movements if m.kind in (Kind.DEPOSIT, Kind.DEPOSIT_RETURN))

    @property
    def balance(self) -> int:
        return self.held if self.movements else self.total


def new_key(prefix: str) -> str:
    return f"{prefix}_{secrets.token_urlsafe(24)}"


def find(db: sqlite3.Connection, *, column: str, value: str) -> Payment:
    """The payment by `key`, `order_id` or `account_number`; NOT_FOUND_PAYMENT if there is none."""
    row = db.execute(f"SELECT * FROM payment WHERE {column} = ?", (value,)).fetchone()  # noqa: S608 - fixed names
    if row is None:
        raise ApiError("NOT_FOUND_PAYMENT")
    values: dict[str, Any] = dict(row)
    rows = db.execute("SELECT * FROM movement WHERE payment_key = ? ORDER BY seq", (row["key"],))
    values["movements"] = tuple(read_movement(movement) for movement in rows)
    values["status"] = Status(row["status"])
    values["closed"] = bool(row["closed"])
    for name in ("failure", "refund_account"):
        values[name] = json.loads(row[name]) if row[name] else None
    return Payment(**values)


def read_movement(row: sqlite3.Row) -> Movement:
    return Movement(
        key=row["key"],
        kind=Kind(row["kind"]),
        amount=row["amount"],
        at=row["at"],
        status=Status(row["status"]),
        original_key=row["original_key"],
        depositor=row["depositor"],
        reason=row["reason"],
    )


def create(db: sqlite3.Connection, *, key: str, order_id: str, **facts: object) -> Payment:
    columns = {"key": key, "order_id": order_id, **facts}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    try:
        db.execute(f"INSERT INTO payment ({names}) VALUES ({marks})", tuple(columns.values()))  # noqa: S608
    except sqlite3.IntegrityError as error:
        raise ApiError("DUPLICATED_ORDER_ID") from error
    return find(db, column="key", value=key)


Fact = str | float | dict[str, str] | None


def change(db: sqlite3.Connection, payment: Payment, *, status: Status | None = None, **facts: Fact) -> Payment:
    """Write facts about the payment; a new status only along an edge, and only from the status that we saw."""
    if status is not None and status != payment.status:
        assert status in TRANSITIONS[payment.status], f"{payment.status} -> {status}"  # noqa: S101
        facts["status"] = status
    if facts:
        assignments = ", ".join(f"{name} = ?" for name in facts)
        done = db.execute(
            f"UPDATE payment SET {assignments} WHERE key = ? AND status = ?",  # noqa: S608
            (*map(_kept, facts.values()), payment.key, payment.status),
        )
        assert done.rowcount == 1  # noqa: S101
    return find(db, column="key", value=payment.key)


def move(
    db: sqlite3.Connection,
    payment: Payment,
    *,
    kind: Kind,
    amount: int,
    at: int,
    status: Status,
    original: Movement | None = None,
    depositor: str | None = None,
    reason: str | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Payment:
    """Book one movement together with the status that it leads to."""
    if len(payment.movements) >= MOST_MOVEMENTS:
        raise ApiError("SERVICE_UNAVAILABLE", "too many movements of one payment")
    original_key = original.key if original else None
    db.execute(
        "INSERT INTO movement (key, payment_key, kind, amount, at, status, original_key, depositor, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (new_key("txn"), payment.key, kind, amount, at, status, original_key, depositor, reason),
    )
    return change(db, payment, status=status, **(facts or {}))


def _kept(fact: Fact) -> str | float | None:
    return json.dumps(fact, ensure_ascii=False) if isinstance(fact, dict) else fact
