"""The payer's bank: transfers into virtual accounts, transfers taken back, and whose an account is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import fields
from sandbox.acquirer import book
from sandbox.acquirer.accounts import BANKS
from sandbox.acquirer.book import Movement, Payment
from sandbox.acquirer.house import House
from sandbox.acquirer.states import Kind, Status
from sandbox.clock import iso
from sandbox.errors import ApiError

MOST_ACCOUNTS = 10_000


def transfer(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    """Any amount is taken, also after the due date; only a closed account refuses."""
    amount = fields.amount(body, "amount")
    number = fields.text(body, "accountNumber", longest=20)
    bank = fields.optional_text(body, "bankCode", longest=3)
    payment = _account(house, number)
    if payment.at_a_till or bank not in (None, payment.bank):
        raise ApiError("NOT_FOUND_ACCOUNT")
    if payment.closed:
        raise ApiError("CLOSED_ACCOUNT")
    return pay_in(house, payment, amount=amount, depositor=fields.optional_text(body, "depositorName", longest=100))


def pay_in(house: House, payment: Payment, *, amount: int, depositor: str | None) -> dict[str, Any]:
    """Book money that came, and tell the shop."""
    now = house.clock.now()
    reached = payment.status == Status.WAITING_FOR_DEPOSIT and payment.held + amount >= payment.total
    facts: dict[str, book.Fact] = {"approved_at": now} if reached and payment.approved_at is None else {}
    paid = book.move(
        house.db,
        payment,
        kind=Kind.DEPOSIT,
        amount=amount,
        at=now,
        status=Status.DONE if reached else payment.status,
        depositor=depositor or payment.customer_name,
        facts=facts,
    )
    _tell(house, payment, paid)
    moved = paid.movements[-1]
    return {
        "transactionKey": moved.key,
        "accountNumber": paid.account_number,
        "bankCode": paid.bank,
        "amount": moved.amount,
        "depositorName": moved.depositor,
        "depositedAt": iso(moved.at),
    }


def open_account(house: House, body: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody's own account, of which only the holder's name is known here."""
    bank, number = _bank_and_number(body)
    holder = fields.text(body, "holderName", longest=60)
    (many,) = house.db.execute("SELECT count(*) FROM account").fetchone()
    if many >= MOST_ACCOUNTS:
        raise ApiError("SERVICE_UNAVAILABLE", "too many accounts")
    house.db.execute("INSERT OR REPLACE INTO account (bank, number, holder) VALUES (?, ?, ?)", (bank, number, holder))
    return {"bank": bank, "accountNumber": number, "holderName": holder}


def holder(house: House, query: Mapping[str, str]) -> dict[str, Any]:
    bank, number = _bank_and_number(query)
    row = house.db.execute("SELECT holder FROM account WHERE bank = ? AND number = ?", (bank, number)).fetchone()
    if row is None:
        raise ApiError("NOT_FOUND_ACCOUNT")
    return {"bank": bank, "accountNumber": number, "holderName": row["holder"]}


def _bank_and_number(values: Mapping[str, Any]) -> tuple[str, str]:
    bank = fields.text(values, "bank", longest=3)
    number = fields.text(values, "accountNumber", longest=20, shortest=6)
    if bank not in BANKS:
        raise ApiError("INVALID_BANK")
    if not (number.isascii() and number.isdigit()):
        raise fields.invalid("accountNumber", "digits only")
    return bank, number


def take_back(house: House, transaction_key: str) -> dict[str, Any]:
    """The bank takes a deposit back within minutes, as banks do."""
    row = house.db.execute("SELECT * FROM movement WHERE key = ? AND kind = 'DEPOSIT'", (transaction_key,)).fetchone()
    if row is None:
        raise ApiError("NOT_FOUND_TRANSFER")
    original = book.read_movement(row)
    payment = book.find(house.db, column="key", value=row["payment_key"])
    if any(movement.original_key == original.key for movement in payment.movements):
        raise ApiError("ALREADY_RETURNED")
    if payment.held < original.amount:
        raise ApiError("NOT_RETURNABLE")
    returned = book.move(
        house.db,
        payment,
        kind=Kind.DEPOSIT_RETURN,
        amount=original.amount,
        at=house.clock.now(),
        status=_status_after_return(house, payment, original),
        original=original,
        depositor=original.depositor,
    )
    _tell(house, payment, returned)
    moved = returned.movements[-1]
    return {
        "transactionKey": moved.key,
        "originalTransactionKey": moved.original_key,
        "accountNumber": returned.account_number,
        "amount": moved.amount,
        "depositedAt": iso(moved.at),
    }


def _status_after_return(house: House, payment: Payment, original: Movement) -> Status:
    left = payment.held - original.amount
    if payment.status == Status.PARTIAL_CANCELED and left == 0:
        return Status.CANCELED
    if payment.status != Status.DONE or left >= payment.total:
        return payment.status
    over = payment.closed or payment.expires_at <= house.clock.now()
    return Status.EXPIRED if over else Status.WAITING_FOR_DEPOSIT


def _tell(house: House, before: Payment, after: Payment) -> None:
    movement = after.movements[-1]
    house.outbox.deposit(after, movement=movement)
    if after.status != before.status:
        house.outbox.status_changed(after, movement=movement, at=movement.at)


def _account(house: House, number: str) -> Payment:
    try:
        return book.find(house.db, column="account_number", value="".join(number.split()).replace("-", ""))
    except ApiError as error:
        raise ApiError("NOT_FOUND_ACCOUNT") from error
