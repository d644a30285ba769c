"""The provider's options. A key that was not given is made once and kept in the store's directory."""

from __future__ import annotations

import json
import secrets
from argparse import Namespace
from dataclasses import dataclass

from sandbox.options import BadOption


@dataclass(frozen=True)
class Settings:
    secret_key: str
    senders: frozenset[str]
    deliver_after: float


def read(*, options: Namespace) -> Settings:
    senders = frozenset(number.strip() for number in options.senders.split(","))
    if not all(number.isascii() and number.isdigit() and len(number) <= 11 for number in senders):
        raise BadOption("--senders: numbers of at most eleven digits, separated by commas")
    if not 0 <= options.deliver_after <= 600:
        raise BadOption("--deliver-after: 0 to 600 seconds")
    return Settings(options.secret_key or _kept_key(options), senders, options.deliver_after)


def _kept_key(options: Namespace) -> str:
    path = options.store / "sms.json"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({"secretKey": "sandbox_sms_" + secrets.token_hex(16)}))
    return str(json.loads(path.read_text())["secretKey"])
