"""Webhooks that wait to be sent: written in the transaction of what they tell."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from typing import Any

from sandbox.clock import iso
from sandbox.courier import Post
from sandbox.faults import Fault, Faults
from sandbox.toss.book import Payment
from sandbox.toss.settings import Settings
from sandbox.toss.wire import payment_object, without_offset

MOST_WAITING = 10_000
MOST_KEPT = 20_000
LATE = 3.0
HELD = 5.0
ACCEPTED = (200,)


class Outbox:
    def __init__(self, *, db: sqlite3.Connection, settings: Settings, faults: Faults) -> None:
        self._db = db
        self._settings = settings
        self._faults = faults

    def tell(self, payment: Payment, *, at: int) -> None:
        """A status changed. Of a virtual account a shop that takes both events hears twice."""
        if payment.secret:
            facts = {
                "secret": payment.secret,
                "status": payment.status,
                "transactionKey": payment.transaction_key,
                "orderId": payment.order_id,
            }
            self._add("DEPOSIT_CALLBACK", payment.order_id, facts, at)
        data = payment_object(payment, public_url=self._settings.public_url, now=at)
        self._add("PAYMENT_STATUS_CHANGED", payment.order_id, {"eventType": "PAYMENT_STATUS_CHANGED", "data": data}, at)

    def forge(self, *, order_id: str, body: dict[str, Any]) -> None:
        """What somebody else posts to the shop in the gateway's name."""
        self._insert("FORGED", order_id, json.dumps(body, ensure_ascii=False), wait=0)

    def _add(self, event_type: str, order_id: str, facts: dict[str, Any], at: int) -> None:
        if event_type not in self._settings.webhook_events:
            return
        late = self._faults.take("callback_late", order_id=order_id, event_type=event_type)
        held = self._faults.take("callbacks_out_of_order", order_id=order_id, event_type=event_type)
        never = self._faults.take("callback_never", order_id=order_id, event_type=event_type)
        twice = self._faults.take("callback_twice", order_id=order_id, event_type=event_type)
        body = {"createdAt": without_offset(at + time.time() % 1), **facts}
        self._insert(
            event_type,
            order_id,
            json.dumps(body, ensure_ascii=False),
            wait=_seconds(late, LATE) if late else _seconds(held, HELD) if held else 0,
            held=held is not None,
            twice=twice is not None,
            dropped=never is not None,
        )

    def _insert(
        self,
        event_type: str,
        order_id: str,
        body: str,
        *,
        wait: float,
        held: bool = False,
        twice: bool = False,
        dropped: bool = False,
    ) -> None:
        row = self._db.execute("SELECT count(*) AS n FROM callback WHERE state = 'waiting'").fetchone()
        dropped = dropped or self._settings.webhook_url is None or row["n"] >= MOST_WAITING
        self._db.execute(
            "INSERT INTO callback (id, event_type, order_id, body, state, next_at, held, twice)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                "whtrans_" + secrets.token_hex(14),
                event_type,
                order_id,
                body,
                "dropped" if dropped else "waiting",
                None if dropped else time.time() + wait,
                held,
                twice,
            ),
        )
        self._db.execute(
            "DELETE FROM callback WHERE state <> 'waiting' AND seq <= (SELECT max(seq) FROM callback) - ?", (MOST_KEPT,)
        )


def post(settings: Settings) -> Post:
    """Unsigned; only 200 is an answer, and nothing stops the repetitions before the seventh."""

    def headers(row: sqlite3.Row, now: int) -> dict[str, str]:
        return {
            "tosspayments-webhook-transmission-time": iso(now),
            "tosspayments-webhook-transmission-retried-count": str(row["attempts"]),
            "tosspayments-webhook-transmission-id": row["id"],
        }

    return Post(
        address=settings.webhook_url,
        retry_base=settings.retry_base,
        timeout=settings.callback_timeout,
        headers=headers,
        accepted=ACCEPTED,
    )


def _seconds(fault: Fault, default: float) -> float:
    return default if fault.seconds is None else fault.seconds
