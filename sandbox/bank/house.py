"""The banks' books: the city's accounts, what comes and goes, and the files about it that wait for its folder."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox import fields
from sandbox.bank import messages
from sandbox.bank.messages import Told
from sandbox.clock import Clock, city_date
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.options import BadOption
from sandbox.store import transaction

FAULTS: Final = (
    *("notice_twice", "notice_late", "notice_truncated", "statement_wrong", "taken_back", "restart"),
    *("reject_transfer", "return_transfer", "no_answer"),
)
MOST: Final = 5_000


@dataclass(frozen=True)
class Account:
    """The city's account at a bank, and the numbers that the bank lets the city give out."""

    bank: str
    name: str
    account: str
    first: str
    count: int

    def takes(self, number: str) -> bool:
        """Its own number, or one out of the range."""
        if number == self.account:
            return True
        inside = len(number) == len(self.first) and number.isdecimal()
        return inside and int(self.first) <= int(number) < int(self.first) + self.count


def read_accounts(path: Path) -> list[Account]:
    """A JSON list of {"bank", "name", "account", "first", "count"}."""
    try:
        return [Account(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise BadOption(f"--accounts: {error}") from error


class House:
    """`faults` decide what goes wrong; a file is written down with what it tells, and lies in the folder afterwards."""

    def __init__(self, *, db: sqlite3.Connection, accounts: Sequence[Account], faults: Faults, clock: Clock) -> None:
        self.db = db
        self.accounts = {one.bank: one for one in accounts}
        self.faults = faults
        self.clock = clock

    def account(self, bank: str) -> Account:
        if bank not in self.accounts:
            raise fields.invalid("bank", "one of " + ", ".join(self.accounts))
        return self.accounts[bank]

    def bank_of(self, number: str) -> str:
        """The bank whose number it is."""
        for one in self.accounts.values():
            if one.takes(number):
                return one.bank
        raise fields.invalid("number", "no account of the city's")

    def deposit(self, *, number: str, amount: int, words: str, sender: str, token: str = "") -> str:
        """Somebody's transfer to the city; its reference. The same token again is the same transfer."""
        with transaction(self.db):
            known = self.db.execute("SELECT reference FROM form WHERE token = ?", (token,)).fetchone()
            if token and known:
                return str(known["reference"])
            bank = self.bank_of(number)
            reference = self.write(
                bank,
                "deposit",
                amount,
                number=number if number != self.accounts[bank].account else "",
                other=sender,
                words=words,
            )
            if token:
                self.db.execute("INSERT INTO form (token, reference) VALUES (?, ?)", (token, reference))
            if self.faults.take("taken_back", order_id=number):
                self._take_back(reference)
        return reference

    def take_back(self, reference: str) -> None:
        """The sender's bank takes a deposit back."""
        with transaction(self.db):
            self._take_back(reference)

    def _take_back(self, reference: str) -> None:
        found = self.find(reference)
        if found is None or found["kind"] != "deposit":
            raise ApiError("NOT_FOUND")
        if self.returned(reference):
            raise ApiError("ALREADY_PROCESSED_PAYMENT")
        facts = {"number": found["number"], "other": found["other"], "words": found["words"], "undoes": reference}
        self.write(found["bank"], "taken_back", -found["amount"], **facts)

    def write(self, bank: str, kind: str, amount: int, **facts: str) -> str:
        """A movement, inside the caller's transaction."""
        reference = f"{bank}{secrets.token_hex(10).upper()}"
        names = ["bank", "reference", "kind", "amount", "at", *facts]
        values = [bank, reference, kind, amount, self.clock.now(), *facts.values()]
        marks = ", ".join("?" * len(names))
        self.db.execute(f"INSERT INTO movement ({', '.join(names)}) VALUES ({marks})", values)  # noqa: S608
        return reference

    def find(self, reference: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.db.execute("SELECT * FROM movement WHERE reference = ?", (reference,)).fetchone()
        return row

    def returned(self, reference: str) -> bool:
        return self.db.execute("SELECT 1 FROM movement WHERE undoes = ?", (reference,)).fetchone() is not None

    def notices(self) -> None:
        """One for each bank of which something happened since its last."""
        for bank, account in self.accounts.items():
            with transaction(self.db):
                found = self._rows("SELECT * FROM movement WHERE bank = ? AND told = '' ORDER BY seq LIMIT ?", bank)
                if not found:
                    continue
                told = self.told("N", account)
                self._mark("told", told.id, found)
                self._send_notice(bank, told.id, messages.notice(told, found))

    def _send_notice(self, bank: str, name: str, content: bytes) -> None:
        late = self.faults.take("notice_late", order_id=bank)
        wait = (late.seconds or 60.0) if late else 0.0
        if self.faults.take("notice_truncated", order_id=bank):  # the transfer broke; the bank sends it again whole
            self.send(bank, f"{name}-cut", content[: len(content) // 2], wait=wait)
        self.send(bank, name, content, wait=wait)
        if self.faults.take("notice_twice", order_id=bank):
            self.send(bank, f"{name}-again", content + b"\n", wait=wait)

    def end_day(self, bank: str) -> str:
        """The statement of everything since the last one; its number. Notices go first."""
        account = self.account(bank)
        self.notices()
        with transaction(self.db):
            found = self._rows("SELECT * FROM movement WHERE bank = ? AND stated = '' ORDER BY seq LIMIT ?", bank)
            opening = self.balance(bank)
            closing = opening + sum(one["amount"] for one in found)
            told = self.told("S", account)
            self._mark("stated", told.id, found)
            values = (told.id, bank, city_date(told.at), opening, closing)
            self.db.execute("INSERT INTO statement (id, bank, day, opening, closing) VALUES (?, ?, ?, ?, ?)", values)
            if self.faults.take("statement_wrong", order_id=bank):  # and the right one a moment later
                wrong = messages.statement(self.told("S", account), found, opening=opening, closing=closing + 1)
                self.send(bank, f"{told.id}-wrong", wrong)
            self.send(bank, told.id, messages.statement(told, found, opening=opening, closing=closing))
        return told.id

    def balance(self, bank: str) -> int:
        """As the last statement closed."""
        query = "SELECT closing FROM statement WHERE bank = ? ORDER BY rowid DESC LIMIT 1"
        last = self.db.execute(query, (bank,)).fetchone()
        return int(last["closing"]) if last else 0

    def told(self, letter: str, account: Account) -> Told:
        """The top of a new file."""
        at = self.clock.now()
        return Told(f"{letter}{account.bank}-{city_date(at)}-{secrets.token_hex(6)}", account.account, at)

    def send(self, bank: str, name: str, content: bytes, *, wait: float = 0.0) -> None:
        """A file for the city, inside the caller's transaction."""
        values = (bank, f"{name}.xml", content, time.time() + wait)
        self.db.execute("INSERT INTO outgoing (bank, name, content, due) VALUES (?, ?, ?, ?)", values)

    def _rows(self, query: str, bank: str) -> list[sqlite3.Row]:
        return self.db.execute(query, (bank, MOST)).fetchall()

    def _mark(self, column: str, name: str, found: Sequence[sqlite3.Row]) -> None:
        keys = [(name, one["seq"]) for one in found]
        self.db.executemany(f"UPDATE movement SET {column} = ? WHERE seq = ?", keys)  # noqa: S608
