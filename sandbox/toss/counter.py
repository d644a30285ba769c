"""The bank's pages over Toss Payments' virtual accounts."""

from __future__ import annotations

from typing import Any

from sandbox.answers import Memory
from sandbox.bank_pages import Transfer, WaitingAccount
from sandbox.store import transaction
from sandbox.toss import accounts
from sandbox.toss.house import House

RECENT = 10


class Counter:
    rule = "Only the exact amount is taken, once, until the due date."

    def __init__(self, house: House) -> None:
        self._house = house

    def waiting(self) -> list[WaitingAccount]:
        rows = self._house.db.execute(
            "SELECT account_number, customer_name, order_name, total FROM payment"
            " WHERE status = 'WAITING_FOR_DEPOSIT' AND expires_at > ? ORDER BY requested_at DESC, rowid DESC LIMIT ?",
            (self._house.clock.now(), RECENT),
        )
        return [WaitingAccount(**dict(row), currency="KRW") for row in rows]

    def transfer(self, body: dict[str, Any], *, memory: Memory, scope: str) -> str:
        with transaction(self._house.db):
            number: str = accounts.transfer(self._house, body)["transfer"]
            memory.keep(scope, status=201, body=number, now=self._house.clock.now())
        return number

    def take_back(self, number: str) -> None:
        with transaction(self._house.db):
            accounts.take_back(self._house, number)

    def find(self, number: str) -> Transfer | None:
        found = accounts.find_transfer(self._house, number)
        if found is None:
            return None
        payment, movement, returned = found
        return Transfer(
            number=number,
            account_number=payment.account_number or "",
            amount=movement.amount,
            currency=payment.currency,
            depositor=payment.depositor or payment.customer_name or "",
            at=movement.at,
            returned=returned,
        )
