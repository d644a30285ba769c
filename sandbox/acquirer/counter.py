"""The bank's pages over the acquirer's own accounts."""

from __future__ import annotations

from typing import Any

from sandbox.acquirer import bank, book
from sandbox.acquirer.house import House
from sandbox.answers import Memory
from sandbox.bank_pages import Transfer, WaitingAccount
from sandbox.store import transaction

RECENT = 10


class Counter:
    rule = "Any amount is taken: less, more, or twice."

    def __init__(self, house: House) -> None:
        self._house = house

    def waiting(self) -> list[WaitingAccount]:
        self._house.tick()
        rows = self._house.db.execute(
            "SELECT account_number, customer_name, order_name, total, currency FROM payment"
            " WHERE method = 'VIRTUAL_ACCOUNT' AND status = 'WAITING_FOR_DEPOSIT' AND NOT closed"
            " ORDER BY requested_at DESC, rowid DESC LIMIT ?",
            (RECENT,),
        )
        return [WaitingAccount(**dict(row)) for row in rows]

    def transfer(self, body: dict[str, Any], *, memory: Memory, scope: str) -> str:
        self._house.tick()
        with transaction(self._house.db):
            key: str = bank.transfer(self._house, body)["transactionKey"]
            memory.keep(scope, status=201, body=key, now=self._house.clock.now())
        return key

    def take_back(self, number: str) -> None:
        with transaction(self._house.db):
            bank.take_back(self._house, number)

    def find(self, number: str) -> Transfer | None:
        row = self._house.db.execute("SELECT * FROM movement WHERE key = ? AND kind = 'DEPOSIT'", (number,)).fetchone()
        if row is None:
            return None
        payment = book.find(self._house.db, column="key", value=row["payment_key"])
        return Transfer(
            number=number,
            account_number=payment.account_number or "",
            amount=row["amount"],
            currency=payment.currency,
            depositor=row["depositor"],
            at=row["at"],
            returned=any(movement.original_key == number for movement in payment.movements),
        )
