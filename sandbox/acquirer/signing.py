"""Callbacks are signed as *Standard Webhooks* says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3

from sandbox.acquirer.settings import Settings
from sandbox.courier import Post

GONE = 410
ANOTHER_KEY = b"another key of 32 bytes or there"


def signature(*, key: bytes, webhook_id: str, timestamp: int, body: bytes) -> str:
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def post(settings: Settings) -> Post:
    def headers(row: sqlite3.Row, now: int) -> dict[str, str]:
        key = ANOTHER_KEY if row["bad_signature"] else settings.webhook_key
        return {
            "User-Agent": "etax-sandbox-acquirer",
            "webhook-id": row["id"],
            "webhook-timestamp": str(now),
            "webhook-signature": signature(key=key, webhook_id=row["id"], timestamp=now, body=row["body"].encode()),
        }

    return Post(
        address=settings.webhook_url,
        retry_base=settings.retry_base,
        timeout=settings.callback_timeout,
        headers=headers,
        gone=(GONE,),
    )
