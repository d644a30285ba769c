"""Authorization codes: live a minute, work once."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from dataclasses import dataclass

from sandbox.identity.requests import Asked
from sandbox.store import transaction

LIFETIME = 60
SCHEMA = """
CREATE TABLE IF NOT EXISTS code (
    digest TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    nonce TEXT NOT NULL,
    scope TEXT NOT NULL,
    claims TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS code_at ON code (at);
"""


@dataclass(frozen=True)
class Code:
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    scope: str
    claims: list[str]
    person_id: str
    at: int


def issue(db: sqlite3.Connection, *, asked: Asked, person_id: str, now: int) -> str:
    code = secrets.token_urlsafe(32)
    with transaction(db):
        db.execute("DELETE FROM code WHERE at < ?", (now - LIFETIME,))
        db.execute(
            "INSERT INTO code VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                _digest(code),
                asked.client.id,
                asked.redirect_uri,
                asked.challenge,
                asked.nonce,
                asked.scope,
                json.dumps(asked.claims),
                person_id,
                now,
            ),
        )
    return code


def use_up(db: sqlite3.Connection, *, code: str, now: int) -> Code | None:
    """The code's facts; from now on it is gone, whoever asked."""
    with transaction(db):
        row = db.execute("DELETE FROM code WHERE digest = ? RETURNING *", (_digest(code),)).fetchone()
    if row is None or row["at"] < now - LIFETIME:
        return None
    facts = dict(row)
    del facts["digest"]
    return Code(**{**facts, "claims": json.loads(row["claims"])})


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
