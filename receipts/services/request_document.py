from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from receipts.models import Kind
from receipts.rendering.kinds import PAPERS


@dataclass(frozen=True)
class Token:
    """A way to a document for somebody without an account: they hold `secret` (128 bits), we keep `sha256`."""

    secret: str
    sha256: bytes


def new_token() -> Token:
    """Make it before the payment begins, keep its hash with the payment, and hand the hash to the request."""
    secret = secrets.token_urlsafe(16)
    return Token(secret, hashlib.sha256(secret.encode()).digest())


def request_document(
    *,
    kind: str,
    taxpayer_id: int,
    reference: str,
    facts: Mapping[str, Any],
    at: datetime,
    token_hash: bytes | None = None,
) -> int:
    """
    Enter a document in the register, in the caller's transaction; a worker draws and signs it.

    Asked again for the same kind and reference it returns the same document. `facts` as in `receipts.rendering`
    (facts, bill_facts); facts that don't tie raise `UnreadableFacts` here, where the one who stated them hears of it.
    """
    PAPERS[Kind(kind).value].read(facts)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT receipts_request_document(%s, %s, %s, %s, %s, %s)",
            [Kind(kind).value, taxpayer_id, reference, json.dumps(facts, ensure_ascii=False), at, token_hash],
        )
        return int(cursor.fetchone()[0])
