"""Signed messages after the public specification *Standard Webhooks*."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from payments.gateways.base import RefusedNotification

WINDOW: Final = timedelta(minutes=5)
PREFIX: Final = "whsec_"


def signing_key(secret: str) -> bytes:
    """The bytes behind `whsec_…`."""
    if not secret.startswith(PREFIX):
        raise ValueError("a webhook secret starts with whsec_")
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def signature(*, key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """The `v1` signature of one attempt to deliver a message."""
    signed = message_id.encode() + b"." + timestamp.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def verify(*, secret: str, body: bytes, headers: Mapping[str, str], at: datetime) -> None:
    """Raise `RefusedNotification` unless a signature fits and the message was sent within five minutes of `at`."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not message_id or len(message_id) > 64 or not timestamp.isascii() or not timestamp.isdigit():
        raise RefusedNotification("headers are missing")
    try:
        wanted = signature(key=signing_key(secret), message_id=message_id, timestamp=timestamp, body=body)
    except (ValueError, binascii.Error):
        raise RefusedNotification("the webhook secret of this gateway is not set") from None
    fits = [hmac.compare_digest(wanted.encode(), one.encode()) for one in given.split(" ")[:10]]
    if not any(fits):
        raise RefusedNotification("the signature does not fit")
    if len(timestamp) > 12 or abs(at.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise RefusedNotification("the time stamp is more than five minutes away")
