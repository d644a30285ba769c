"""Callbacks that wait to be sent: written in the transaction of what they tell."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from typing import Any

from sandbox.acquirer.book import Movement, Payment
from sandbox.acquirer.settings import Settings
from sandbox.acquirer.wire import payment_object
from sandbox.clock import iso
from sandbox.errors import ApiError
from sandbox.faults import Fault, Faults

MOST_WAITING = 10_000
MOST_KEPT = 20_000
PRUNE_EVERY = 500
LATE = 3.0
HELD = 5.0


class Outbox:
    def __init__(self, *, db: sqlite3.Connection, settings: Settings, faults: Faults) -> None:
        self._db = db
        self._settings = settings
        self._faults = faults
        self._added = 0

    def waiting(self) -> int:
        row = self._db.execute("SELECT count(*) AS n FROM callback WHERE state = 'waiting'").fetchone()
        return int(row["n"])

    def require_room(self) -> None:
        """Whoever starts a new payment must be able to hear of its end."""
        if self.waiting() >= MOST_WAITING:
            raise ApiError("SERVICE_UNAVAILABLE")

    def status_changed(self, payment: Payment, *, movement: Movement | None, at: int) -> None:
        facts = payment_object(payment, public_url=self._settings.public_url, now=at)
        self._add("PAYMENT_STATUS_CHANGED", payment.order_id, {**facts, **_movement(payment, movement, at)})

    def deposit(self, payment: Payment, *, movement: Movement) -> None:
        account = {
            "bankCode": payment.bank,
            "accountNumber": payment.account_number,
            "depositorName": movement.depositor,
            "depositedAt": iso(movement.at),
            "secret": payment.secret,
        }
        self._add("DEPOSIT_CALLBACK", payment.order_id, {**_movement(payment, movement, movement.at), **account})

    def chargeback(self, payment: Payment, *, movement: Movement | None, at: int, facts: dict[str, Any]) -> None:
        told = {"chargebackKey": facts["transactionKey"], "chargebackAmount": facts["amount"]}
        told |= {name: facts[name] for name in ("reason", "respondBy", "state")}
        self._add("CHARGEBACK_CALLBACK", payment.order_id, {**_movement(payment, movement, at), **told})

    def mandate_changed(self, mandate_id: str, *, at: int, facts: dict[str, Any]) -> None:
        self._add("MANDATE_STATUS_CHANGED", mandate_id, facts, at=iso(at))

    def _add(self, event_type: str, order_id: str, data: dict[str, Any], *, at: str = "") -> None:
        if event_type not in self._settings.webhook_events:
            return
        marks: dict[str, str | None] = {"order_id": order_id, "event_type": event_type}
        wrong = self._faults.take("callback_wrong_amount", **marks)
        if wrong and data.get("amount") is not None:
            data["amount"] = wrong.amount or data["amount"] + 1
        late = self._faults.take("callback_late", **marks)
        held = self._faults.take("callbacks_out_of_order", **marks)
        never = self._faults.take("callback_never", **marks)
        dropped = bool(never) or self._settings.webhook_url is None or self.waiting() >= MOST_WAITING
        wait = _seconds(late, LATE) if late else _seconds(held, HELD) if held else 0
        body = {"eventType": event_type, "createdAt": at or data["occurredAt"], "data": data}
        self._db.execute(
            "INSERT INTO callback (id, event_type, order_id, transaction_key, body, state, next_at, held, twice,"
            " bad_signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                "evt_" + secrets.token_hex(16),
                event_type,
                order_id,
                data.get("transactionKey"),
                json.dumps(body, ensure_ascii=False),
                "dropped" if dropped else "waiting",
                None if dropped else time.time() + wait,
                held is not None,
                self._faults.take("callback_twice", **marks) is not None,
                self._faults.take("callback_bad_signature", **marks) is not None,
            ),
        )
        self._prune()

    def _prune(self) -> None:
        self._added += 1
        if self._added % PRUNE_EVERY == 0:
            self._db.execute(
                "DELETE FROM callback WHERE state <> 'waiting' AND seq <= (SELECT max(seq) FROM callback) - ?",
                (MOST_KEPT,),
            )


def _seconds(fault: Fault, default: float) -> float:
    return default if fault.seconds is None else fault.seconds


def _movement(payment: Payment, movement: Movement | None, at: int) -> dict[str, Any]:
    return {
        "transactionKey": movement.key if movement else None,
        "originalTransactionKey": movement.original_key if movement else None,
        "kind": movement.kind if movement else None,
        "amount": movement.amount if movement else None,
        "currency": payment.currency,
        "occurredAt": iso(movement.at if movement else at),
        "paymentKey": payment.key,
        "orderId": payment.order_id,
        "status": payment.status,
    }
