"""Mandates and the accounts that they allow to debit, as they are kept and as they look on the wire."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from sandbox.acquirer.book import Fact
from sandbox.acquirer.states import MANDATE_TRANSITIONS, MandateStatus
from sandbox.cards import Behaviour
from sandbox.clock import iso
from sandbox.errors import ApiError

OPENED_WITH = 100_000_000
# Accounts of nobody, each behaving by its last four digits, as the test cards do.
ACCOUNTS: dict[str, Behaviour] = {
    "0012": Behaviour.APPROVE,
    "0020": Behaviour.DECLINE,
    "0038": Behaviour.FAIL_AUTHENTICATION,
    "0046": Behaviour.LOSE_ANSWER,
    "0053": Behaviour.APPROVE_LATE,
    "0061": Behaviour.SLOW,
    "0079": Behaviour.CLOSE,
}


@dataclass(frozen=True)
class Mandate:
    key: str
    id: str
    status: MandateStatus
    bank: str
    purpose: str
    locale: str
    success_url: str
    fail_url: str
    requested_at: int
    expires_at: int
    account_number: str | None
    holder: str | None
    wrong_codes: int
    agreed_at: int | None
    activated_at: int | None
    ended_at: int | None
    ended_by: str | None
    failure: dict[str, str] | None


def is_account(number: str) -> bool:
    """
    >>> is_account("99100000000012"), is_account("88100000000012"), is_account("99100000000013")
    (True, False, False)
    """
    return re.fullmatch(r"99[0-9]{8,12}", number, re.ASCII) is not None and number[-4:] in ACCOUNTS


def masked(number: str) -> str:
    """
    >>> masked("99100000000012")
    '9910********12'
    """
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def find(db: sqlite3.Connection, *, column: str, value: str) -> Mandate:
    """By `key` or `id`; NOT_FOUND_MANDATE if there is none."""
    row = db.execute(f"SELECT * FROM mandate WHERE {column} = ?", (value,)).fetchone()  # noqa: S608 - fixed names
    if row is None:
        raise ApiError("NOT_FOUND_MANDATE")
    values: dict[str, Any] = dict(row)
    values["status"] = MandateStatus(row["status"])
    values["failure"] = json.loads(row["failure"]) if row["failure"] else None
    return Mandate(**values)


def create(db: sqlite3.Connection, **facts: Fact) -> Mandate:
    names, marks = ", ".join(facts), ", ".join("?" * len(facts))
    try:
        db.execute(f"INSERT INTO mandate ({names}) VALUES ({marks})", tuple(facts.values()))  # noqa: S608
    except sqlite3.IntegrityError as error:
        raise ApiError("DUPLICATED_MANDATE_ID") from error
    return find(db, column="key", value=str(facts["key"]))


def change(db: sqlite3.Connection, mandate: Mandate, *, status: MandateStatus | None = None, **facts: Fact) -> Mandate:
    """Write facts; a new status only along an edge."""
    if status is not None:
        assert status in MANDATE_TRANSITIONS[mandate.status], f"{mandate.status} -> {status}"  # noqa: S101
        facts["status"] = status
    assignments = ", ".join(f"{name} = ?" for name in facts)
    kept = (json.dumps(fact, ensure_ascii=False) if isinstance(fact, dict) else fact for fact in facts.values())
    db.execute(f"UPDATE mandate SET {assignments} WHERE key = ?", (*kept, mandate.key))  # noqa: S608
    return find(db, column="key", value=mandate.key)


def open_account(db: sqlite3.Connection, number: str) -> Behaviour:
    """The account that somebody named; it begins to be when it is first named."""
    behaviour = ACCOUNTS[number[-4:]]
    balance = 0 if behaviour == Behaviour.DECLINE else OPENED_WITH
    db.execute(
        "INSERT INTO payer_account (number, behaviour, balance) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (number, behaviour, balance),
    )
    return behaviour


def behaviour_of(mandate: Mandate) -> Behaviour:
    return ACCOUNTS[(mandate.account_number or "0012")[-4:]]


def take_out(db: sqlite3.Connection, mandate: Mandate, amount: int) -> str | None:
    """Take the whole amount, or say why not."""
    if mandate.status != MandateStatus.ACTIVE:
        return "MANDATE_REVOKED"
    if behaviour_of(mandate) == Behaviour.CLOSE:
        db.execute("UPDATE payer_account SET closed = 1 WHERE number = ?", (mandate.account_number,))
        return "ACCOUNT_CLOSED"
    taken = db.execute(
        "UPDATE payer_account SET balance = balance - ? WHERE number = ? AND balance >= ?",
        (amount, mandate.account_number, amount),
    )
    return None if taken.rowcount == 1 else "INSUFFICIENT_FUNDS"


def put_in(db: sqlite3.Connection, mandate_key: str, amount: int) -> None:
    number = find(db, column="key", value=mandate_key).account_number
    db.execute("UPDATE payer_account SET balance = balance + ? WHERE number = ?", (amount, number))


def mandate_object(mandate: Mandate, *, public_url: str) -> dict[str, Any]:
    moments = ("requested_at", "expires_at", "agreed_at", "activated_at", "ended_at")
    at = {name: iso(value) if (value := getattr(mandate, name)) is not None else None for name in moments}
    return {
        "mandateKey": mandate.key,
        "mandateId": mandate.id,
        "status": mandate.status,
        "bank": mandate.bank,
        "accountNumber": masked(mandate.account_number) if mandate.account_number else None,
        "holderName": mandate.holder,
        "purpose": mandate.purpose,
        "requestedAt": at["requested_at"],
        "expiresAt": at["expires_at"],
        "agreedAt": at["agreed_at"],
        "activatedAt": at["activated_at"],
        "endedAt": at["ended_at"],
        "endedBy": mandate.ended_by,
        "failure": mandate.failure,
        "mandateUrl": f"{public_url}/mandate/{mandate.key}",
    }
