"""The options. A secret key that was not given is made once and kept in the store's directory."""

from __future__ import annotations

import json
import secrets
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from sandbox import fields
from sandbox.errors import ApiError
from sandbox.options import BadOption

EVENTS = ("PAYMENT_STATUS_CHANGED", "DEPOSIT_CALLBACK")


@dataclass(frozen=True)
class Settings:
    public_url: str
    secret_key: str
    webhook_url: str | None
    webhook_events: tuple[str, ...]
    retry_base: float
    callback_timeout: float


def read(*, options: Namespace, base: str) -> Settings:
    events = tuple(options.webhook_events.split(",")) if options.webhook_events else EVENTS
    if not set(events) <= set(EVENTS):
        raise BadOption("--webhook-events: " + ", ".join(EVENTS))
    if options.retry_base <= 0 or options.callback_timeout <= 0:
        raise BadOption("--retry-base and --callback-timeout must be above zero")
    return Settings(
        public_url=(options.public_url or base).rstrip("/"),
        secret_key=options.secret_key or _kept_key(options.store / "toss.json"),
        webhook_url=_web_address(options.webhook_url),
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


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({"secretKey": "test_sk_" + secrets.token_hex(16)}))
    kept: str = json.loads(path.read_text())["secretKey"]
    return kept
