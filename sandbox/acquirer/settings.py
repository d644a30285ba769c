"""The acquirer's options. Keys that were not given are made once and kept in the store's directory."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from sandbox import fields
from sandbox.errors import ApiError
from sandbox.options import BadOption

EVENTS = ("PAYMENT_STATUS_CHANGED", "DEPOSIT_CALLBACK", "CHARGEBACK_CALLBACK", "MANDATE_STATUS_CHANGED")


@dataclass(frozen=True)
class Settings:
    public_url: str
    secret_key: str
    webhook_url: str | None
    webhook_key: bytes
    webhook_events: tuple[str, ...]
    retry_base: float
    callback_timeout: float


def read(*, options: Namespace, base: str) -> Settings:
    kept = _kept_keys(options.store / "acquirer.json")
    events = tuple(options.webhook_events.split(",")) if options.webhook_events else EVENTS
    if not set(events) <= set(EVENTS):
        raise BadOption("--webhook-events: " + ", ".join(EVENTS))
    if options.retry_base <= 0 or options.callback_timeout <= 0:
        raise BadOption("--retry-base and --callback-timeout must be above zero")
    return Settings(
        public_url=(options.public_url or base).rstrip("/"),
        secret_key=options.secret_key or kept["secretKey"],
        webhook_url=_web_address(options.webhook_url),
        webhook_key=webhook_key(options.webhook_secret or kept["webhookSecret"]),
        webhook_events=events,
        retry_base=options.retry_base,
        callback_timeout=options.callback_timeout,
    )


def _web_address(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return fields.web_address({"--webhook-url": value}, "--webhook-url")
    except ApiError as error:
        raise BadOption(error.detail) from error


def webhook_key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise BadOption("--webhook-secret: whsec_ and base64 of 24 to 64 bytes")
    return key


def _kept_keys(path: Path) -> dict[str, str]:
    if not path.exists():
        keys = {
            "secretKey": "sandbox_sk_" + secrets.token_hex(16),
            "webhookSecret": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(keys, indent=2))
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
