"""Notifications as the acquirer sends them, made by hand where a test needs one that no honest gateway would send."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from core import clock
from payments import services
from payments.states import Verdict
from tests.payments.signing import signed_headers
from tests.sandbox.processes import Heard

GATEWAY = "sandbox_acquirer"


def movement_told(reference: str, amount: object, **changes: Any) -> bytes:
    """A PAYMENT_STATUS_CHANGED about money that came; `changes` replace fields of its data."""
    data = {
        "transactionKey": f"txn_{secrets.token_hex(8)}",
        "originalTransactionKey": None,
        "kind": "APPROVAL",
        "amount": amount,
        "currency": "KRW",
        "occurredAt": clock.now().isoformat(timespec="seconds"),
        "paymentKey": "pay_x",
        "orderId": reference,
        "status": "DONE",
    }
    body = {"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": data["occurredAt"], "data": {**data, **changes}}
    return json.dumps(body, ensure_ascii=False).encode()


def arrive(body: bytes, *, headers: dict[str, str] | None = None, at: datetime | None = None) -> Verdict:
    """A message reaches the intake's use case."""
    return services.take_notification(
        gateway=GATEWAY, body=body, headers=signed_headers(body) if headers is None else headers, at=at or clock.now()
    )


def deliver(heard: Heard) -> Verdict:
    """Hand a real callback of the acquirer over."""
    return arrive(heard.raw, headers=heard.headers)
