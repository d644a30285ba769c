"""Virtual accounts, and the payer's bank: an account takes its exact amount, once, until its due date."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.clock import iso
from sandbox.toss import book
from sandbox.toss.book import Payment
from sandbox.toss.errors import TossError
from sandbox.toss.house import House
from sandbox.toss.states import Kind, Method, Status
from sandbox.toss.windows import amount_of, tax_free

BANKS = (
    *("02", "03", "06", "07", "11", "20", "23", "31", "32", "34"),
    *("35", "37", "39", "45", "48", "50", "71", "81", "88", "89"),
)
DEFAULT_HOURS = 168
MOST_HOURS = 2160
LEAST = 200


def issue(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    """POST /v1/virtual-accounts."""
    now, order_id = house.clock.now(), fields.order_id(body)
    book.require_new_order(house.db, order_id)
    bank = fields.text(body, "bank", longest=30)
    if bank not in BANKS:
        raise TossError("INVALID_BANK")
    payment = book.create(
        house.db,
        order_id=order_id,
        order_name=fields.text(body, "orderName", longest=100),
        method=Method.VIRTUAL_ACCOUNT,
        status=Status.WAITING_FOR_DEPOSIT,
        total=amount_of(body, least=LEAST),
        tax_free=tax_free(body),
        requested_at=now,
        expires_at=_due(body, now),
        transaction_key=book.new_transaction_key(),
        bank=bank,
        account_number=_free_number(house.db),
        customer_name=fields.text(body, "customerName", longest=100),
        secret="ps_" + secrets.token_hex(14),
    )
    house.outbox.tell(payment, at=now)
    return house.shown(payment)


def transfer(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    """A customer of another bank sends money. The bank refuses what the account does not take."""
    amount = fields.amount(body, "amount")
    number = "".join(fields.text(body, "accountNumber", longest=20).split()).replace("-", "")
    payment, now = book.find_account(house.db, number), house.clock.now()
    if payment is None:
        raise TossError("NOT_FOUND_ACCOUNT")
    if payment.status != Status.WAITING_FOR_DEPOSIT or payment.expires_at <= now:
        raise TossError("NOT_WAITING")
    if amount != payment.total:
        raise TossError("WRONG_AMOUNT")
    paid = book.move(
        house.db,
        payment,
        kind=Kind.DEPOSIT,
        amount=amount,
        at=now,
        status=Status.DONE,
        key=payment.transaction_key or "",
        transfer="bank_" + secrets.token_hex(8),
        approved_at=now,
        depositor=fields.optional_text(body, "depositorName", longest=100) or payment.customer_name,
    )
    house.outbox.tell(paid, at=now)
    return {
        "transfer": paid.movements[-1].transfer,
        "accountNumber": paid.account_number,
        "amount": amount,
        "depositorName": paid.depositor,
        "depositedAt": iso(now),
    }


def take_back(house: House, number: str) -> dict[str, Any]:
    """The bank takes a deposit back (입금 오류): DONE becomes WAITING_FOR_DEPOSIT under the same transactionKey."""
    row = house.db.execute("SELECT * FROM movement WHERE transfer = ? AND kind = 'DEPOSIT'", (number,)).fetchone()
    if row is None:
        raise TossError("NOT_FOUND_TRANSFER")
    payment, now = book.find(house.db, row["payment_key"]), house.clock.now()
    if any(movement.taken_back == number for movement in payment.movements):
        raise TossError("ALREADY_RETURNED")
    if payment.status != Status.DONE:
        raise TossError("NOT_RETURNABLE")
    returned = book.move(
        house.db,
        payment,
        kind=Kind.DEPOSIT_RETURN,
        amount=row["amount"],
        at=now,
        status=Status.WAITING_FOR_DEPOSIT,
        key=row["key"],
        taken_back=number,
        approved_at=None,
        depositor=None,
    )
    house.outbox.tell(returned, at=now)
    return {"transfer": number, "accountNumber": returned.account_number, "amount": row["amount"]}


def find_transfer(house: House, number: str) -> tuple[Payment, book.Movement, bool] | None:
    """The payment, the deposit, and whether the bank took it back."""
    row = house.db.execute("SELECT * FROM movement WHERE transfer = ?", (number,)).fetchone()
    if row is None:
        return None
    payment = book.find(house.db, row["payment_key"])
    return payment, book.read_movement(row), any(one.taken_back == number for one in payment.movements)


def _due(body: Mapping[str, Any], now: int) -> int:
    hours, date = body.get("validHours"), body.get("dueDate")
    if hours is not None and date is not None:
        raise TossError("INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE")
    if date is None:
        valid = DEFAULT_HOURS if hours is None else fields.whole(body, "validHours", low=1, high=10**6)
        if valid > MOST_HOURS:
            raise TossError("EXCEED_MAX_VALID_HOURS")
        return now + valid * 3600
    due = fields.moment(fields.text(body, "dueDate", longest=40), "dueDate")
    if due <= now:
        raise TossError("INVALID_DATE")
    if due > now + MOST_HOURS * 3600:
        raise TossError("EXCEED_MAX_DUE_DATE")
    return due


def _free_number(db: sqlite3.Connection) -> str:
    """A number that no account is waiting under; one that rested may come again."""
    while True:
        number = f"790{secrets.randbelow(10**11):011d}"
        holder = book.find_account(db, number)
        if holder is None or holder.status == Status.CANCELED:
            return number
