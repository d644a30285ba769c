"""Virtual accounts of a bank that only sends files: the numbers are the city's own, deposits come in camt.054 and 053.

There is nobody to call. Numbers come from the pool (`payments/sql/pool.sql`), and what an order received is what the
bank's files said (`payments.services.post_bank_file`). Its name is the source of the movements: `statement:088`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from core import clock
from payments.bankfiles.banks import banks
from payments.gateways.base import (
    Capability,
    Declined,
    GatewayPayment,
    IssuedAccount,
    Movement,
    MovementKind,
    Notification,
    Order,
    Outcome,
    RefusedNotification,
    Stage,
    Succeeded,
)
from payments.gateways.undeclared import Undeclared


class BankPool(Undeclared):
    """One bank's range of numbers."""

    name = "bank_pool"
    capabilities = frozenset({Capability.ISSUE_ACCOUNT, Capability.CLOSE_ACCOUNT, Capability.INQUIRE})

    def __init__(self, *, bank: str) -> None:
        known = banks(on=clock.local_date(clock.now())).get(bank)
        self._bank = bank
        self.banks: Mapping[str, str] = {bank: known.name} if known else {}

    def close(self) -> None:
        """Nothing is held open."""

    def issue_account(self, *, order: Order, bank: str, holder: str, expires_at: datetime) -> Outcome[IssuedAccount]:
        if bank not in self.banks:
            return Declined("UNKNOWN_BANK")
        found = _call(
            "SELECT payments_take_number(%s, %s, %s, %s, %s)",
            [self.name, bank, order.reference, order.amount, expires_at],
        )
        if found is None:
            return Declined("NO_FREE_NUMBER")
        until = datetime.fromisoformat(found["expires_at"])
        return Succeeded(IssuedAccount(order.reference, bank, found["number"], until))

    def close_account(self, *, gateway_key: str) -> Outcome[GatewayPayment]:
        _call("SELECT jsonb_build_object('closed', payments_close_number(%s, %s))", [self.name, gateway_key])
        return self.inquire(reference=gateway_key)

    def inquire(self, *, reference: str) -> Outcome[GatewayPayment]:
        found = _call("SELECT payments_number_of(%s, %s)", [self.name, reference])
        if found is None:
            return Declined("NOT_FOUND", not_found=True)
        until = datetime.fromisoformat(found["expires_at"])
        account = IssuedAccount(reference, found["bank"], found["number"], until)
        open_stage = Stage.EXPIRED if until <= clock.now() else Stage.WAITING
        return Succeeded(
            GatewayPayment(
                reference=reference,
                gateway_key=reference,
                stage=Stage.DONE if found["kept"] >= found["amount"] else open_stage,
                amount=found["amount"],
                currency=settings.ETAX_CURRENCY,
                movements=tuple(
                    Movement(
                        one["id"],
                        MovementKind(one["kind"]),
                        one["amount"],
                        datetime.fromisoformat(one["at"]),
                        of=one["of"],
                    )
                    for one in found["movements"]
                ),
                expires_at=until,
                account=account,
            )
        )

    def read_notification(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Notification:
        raise RefusedNotification("this bank sends files only")


def _call(query: str, values: list[Any]) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    found: dict[str, Any] | None = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return found
