"""A bounded HTTP client for adapters: every call ends in time, and no answer fills the memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from core.db.transactions import forbid_in_transaction

TIMEOUT: Final = httpx.Timeout(8.0, connect=2.0)
MOST_BYTES: Final = 2_000_000


@dataclass(frozen=True)
class Answer:
    """An answer below 500 with a JSON body: an object or a list."""

    status: int
    body: Any

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The other side's word for what went wrong."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return str(code or f"HTTP_{self.status}")[:60]


@dataclass(frozen=True)
class NoAnswer:
    """Nothing that says what happened: ask. `unsent`: the other side was never reached, so nothing can have."""

    reason: str
    unsent: bool = False


class AnswerTooLarge(Exception):
    """The other side sent more than any true answer holds."""


class BoundedClient:
    """Connections to one server, kept open. Threads may share it."""

    def __init__(self, *, url: str, key: str, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._client = httpx.Client(
            base_url=url, auth=(key, ""), timeout=timeout, follow_redirects=False, trust_env=False
        )

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, *, params: Mapping[str, str] | None = None) -> Answer | NoAnswer:
        return self._call("GET", path, params=params)

    def post(self, path: str, *, body: Mapping[str, object], key: str) -> Answer | NoAnswer:
        """A write; `key` makes a repetition harmless."""
        return self._call("POST", path, json=dict(body), headers={"Idempotency-Key": key})

    def _call(self, method: str, path: str, **options: Any) -> Answer | NoAnswer:
        forbid_in_transaction()
        try:
            with self._client.stream(method, path, **options) as response:
                content = _read(response)
            if response.status_code >= 500 or 300 <= response.status_code < 400:
                return NoAnswer(f"HTTP {response.status_code}")
            return Answer(response.status_code, json.loads(content))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return NoAnswer(type(error).__name__, unsent=True)
        except (httpx.HTTPError, httpx.InvalidURL, AnswerTooLarge, ValueError, RecursionError) as error:
            return NoAnswer(type(error).__name__)


def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            raise AnswerTooLarge
    return bytes(content)
