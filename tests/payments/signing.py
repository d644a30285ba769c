"""Messages signed as the acquirer signs them."""

from __future__ import annotations

import secrets
from datetime import datetime

from core import clock
from payments.gateways.standard_webhooks import signature
from tests.sandbox.processes import WEBHOOK_KEY


def signed_headers(body: bytes, *, at: datetime | None = None, key: bytes = WEBHOOK_KEY) -> dict[str, str]:
    message_id, timestamp = f"msg_{secrets.token_hex(8)}", str(int((at or clock.now()).timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(key=key, message_id=message_id, timestamp=timestamp, body=body),
    }
