"""What a use case answers, and the memory of answers by idempotency key."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from sandbox.errors import ApiError

REMEMBERED = 15 * 24 * 3600
FORGOTTEN_AT_ONCE = 1000


@dataclass(frozen=True)
class Answer:
    """`lost`: the connection breaks instead. `delay`: seconds until it is sent. `error`: it is a refusal."""

    status: int
    body: Any
    lost: bool = False
    delay: float = 0
    error: ApiError | None = None

    @classmethod
    def refusal(cls, error: ApiError) -> Answer:
        """A refusal whose traces in the books stay (an exception would roll them back)."""
        return cls(status=error.status, body=None, error=error)

    def rendered(self, language: str) -> Any:
        return self.error.body(language) if self.error else self.body


class Memory:
    """Answers by idempotency key. The scope is key, secret key, method and path, not the body."""

    def __init__(self, *, db: sqlite3.Connection, secret_key: str) -> None:
        self._db = db
        self._secret_key = secret_key
        self._running: set[str] = set()

    def scope(self, *, key: str, method: str, path: str) -> str:
        facts = json.dumps([key, self._secret_key, method, path])
        return hashlib.sha256(facts.encode()).hexdigest()

    def begin(self, scope: str) -> None:
        if scope in self._running:
            raise ApiError("IDEMPOTENT_REQUEST_PROCESSING")
        self._running.add(scope)

    def finish(self, scope: str) -> None:
        self._running.discard(scope)

    def recall(self, scope: str) -> tuple[int, str] | None:
        row = self._db.execute("SELECT status, body FROM answer WHERE scope = ?", (scope,)).fetchone()
        return (row["status"], row["body"]) if row else None

    def keep(self, scope: str, *, status: int, body: str, now: int) -> None:
        """In the transaction of what was done; answers that say nothing (5xx) are not kept."""
        if status < 500:
            self._db.execute(
                "INSERT INTO answer (scope, status, body, at) VALUES (?, ?, ?, ?)", (scope, status, body, now)
            )

    def forget(self, *, now: int) -> None:
        self._db.execute(
            "DELETE FROM answer WHERE scope IN (SELECT scope FROM answer WHERE at < ? LIMIT ?)",
            (now - REMEMBERED, FORGOTTEN_AT_ONCE),
        )
