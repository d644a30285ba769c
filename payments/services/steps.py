"""Steps that the public face takes on the attempt whose link it was shown."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import connection

from payments.gateways.base import Declined, HostedPage, IssuedAccount, IssuedCode, Pending, Unknown
from payments.rules.asking import next_ask
from payments.states import TRANSITIONS, Status


def advance(*, secret: str, old: Status, new: Status, **changes: Any) -> bool:
    """Move an attempt if it is still in `old`; False if somebody else was first. The database allows no other edge."""
    if new not in TRANSITIONS[old]:
        raise ValueError(f"no way from {old} to {new}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_advance(%s, %s, %s, %s)", [secret, old.value, new.value, json.dumps(changes, default=str)]
        )
        return bool(cursor.fetchone()[0])


def page_opened(*, secret: str, channel: str, page: HostedPage, at: datetime) -> bool:
    return advance(
        secret=secret,
        old=Status.CREATED,
        new=Status.WAITING,
        gateway_key=page.gateway_key,
        page_url=page.url,
        expires_at=page.expires_at.isoformat(),
        ask_at=_iso(next_ask(status=Status.WAITING, channel=channel, asks=0, expires_at=page.expires_at, at=at)),
    )


def account_issued(*, secret: str, channel: str, account: IssuedAccount, at: datetime) -> bool:
    return advance(
        secret=secret,
        old=Status.CREATED,
        new=Status.WAITING,
        gateway_key=account.gateway_key,
        bank=account.bank,
        number=account.number,
        expires_at=account.expires_at.isoformat(),
        secret_hash=mark.hex() if (mark := secret_hash(account)) else None,
        ask_at=_iso(next_ask(status=Status.WAITING, channel=channel, asks=0, expires_at=account.expires_at, at=at)),
    )


def code_issued(*, secret: str, channel: str, code: IssuedCode, at: datetime) -> bool:
    """The number for the till stands where an account's does, of no bank."""
    return advance(
        secret=secret,
        old=Status.CREATED,
        new=Status.WAITING,
        gateway_key=code.gateway_key,
        bank="",
        number=code.number,
        expires_at=code.expires_at.isoformat(),
        ask_at=_iso(next_ask(status=Status.WAITING, channel=channel, asks=0, expires_at=code.expires_at, at=at)),
    )


def secret_hash(account: IssuedAccount) -> bytes | None:
    """What is kept of the secret with which the gateway proves its notifications about an account."""
    return hashlib.sha256(account.secret.encode()).digest() if account.secret else None


def not_begun(*, secret: str, outcome: Declined | Pending | Unknown) -> bool:
    """The gateway refused, or nobody could reach it: the attempt ends. Where nobody knows, it goes on being asked."""
    if isinstance(outcome, Declined):
        failure = outcome.code
    elif isinstance(outcome, Unknown) and outcome.unsent:
        failure = "UNREACHABLE"
    else:
        return False
    return advance(secret=secret, old=Status.CREATED, new=Status.DECLINED, failure=failure, ask_at=None)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
