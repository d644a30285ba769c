"""One waiting payment for every issued bill, and the acquirer's signed message that pays it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.place import Place
from payments.gateways.standard_webhooks import signature, signing_key

GATEWAY = "sandbox_acquirer"


@dataclass(frozen=True)
class Order:
    """The n-th order; its reference is `BENCH-n`."""

    n: int
    amount: int


@dataclass(frozen=True)
class Message:
    """A callback as it travels."""

    body: bytes
    headers: dict[str, str]


def prepare(place: Place, *, most: int, first: int = 0) -> list[Order]:
    """Write attempts for `most` bills as their payers would have left them: the card page is open.

    Bills that have no attempt yet, from all over the table; their orders are numbered from `first` on.
    """
    with place.as_owner() as connection:
        connection.execute(
            "WITH chosen AS (SELECT %(first)s - 1 + row_number() OVER (ORDER BY md5(id::text)) AS n, id, amount "
            "FROM billing_bill b WHERE NOT EXISTS (SELECT FROM payments_attemptitem i WHERE i.bill_id = b.id) "
            "ORDER BY n LIMIT %(most)s), made AS ("
            "INSERT INTO payments_attempt (reference, channel, gateway, amount, status, session_mark, idempotency_key, "
            "language, token_hash, bank, gateway_key, page_url, failure, expires_at, ask_at, asks) "
            "SELECT 'BENCH-' || n, 'card', %(gateway)s, n.amount, 'waiting', repeat('0', 64), 'form-' || n, 'ko', "
            "sha256(convert_to('BENCH-' || n, 'UTF8')), '', 'pay_' || n, 'http://127.0.0.1/' || n, '', "
            "now() + interval '1 day', now() + interval '1 day', 0 FROM chosen AS n RETURNING id, reference) "
            "INSERT INTO payments_attemptitem (attempt_id, bill_id, channel, amount, live) "
            "SELECT a.id, c.id, 'card', c.amount, true FROM chosen c JOIN made a ON a.reference = 'BENCH-' || c.n",
            {"first": first, "most": most, "gateway": GATEWAY},
        )
        rows = connection.execute(
            "SELECT substr(reference, 7)::int AS n, amount FROM payments_attempt "
            "WHERE substr(reference, 7)::int >= %s ORDER BY 1",
            [first],
        ).fetchall()
    with place.address.connect() as admin:
        admin.execute("VACUUM ANALYZE")
        admin.execute("CHECKPOINT")
    return [Order(int(str(n)), int(str(amount))) for n, amount in rows]


def message(order: Order, *, secret: str) -> Message:
    """What the acquirer posts when the card is approved, all fields of its payment object included."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    data = {
        "transactionKey": f"txn_bench_{order.n}",
        "originalTransactionKey": None,
        "kind": "APPROVAL",
        "amount": order.amount,
        "currency": "KRW",
        "occurredAt": at,
        "approvedAt": at,
        "paymentKey": f"pay_{order.n}",
        "orderId": f"BENCH-{order.n}",
        "status": "DONE",
        "version": "2026-06-01",
        "method": "CARD",
        "totalAmount": order.amount,
        "balanceAmount": order.amount,
        "card": {"issuerCode": "99", "acquirerCode": "99", "number": "999900******0012", "amount": order.amount},
    }
    body = json.dumps({"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": at, "data": data}).encode()
    stamp, name = str(int(time.time())), f"msg_bench_{order.n:012d}"
    signed = signature(key=signing_key(secret), message_id=name, timestamp=stamp, body=body)
    headers = {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signed}
    return Message(body, headers)
