"""The bounded client as adapters of gateways call it: no answer is `Unknown`."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from core import http
from core.http import TIMEOUT, Answer
from payments.gateways.base import Unknown

__all__ = ["TIMEOUT", "Answer", "BoundedClient"]


class BoundedClient:
    """Connections to one gateway, kept open. Threads may share it."""

    def __init__(self, *, url: str, key: str, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._client = http.BoundedClient(url=url, key=key, timeout=timeout)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, *, params: Mapping[str, str] | None = None) -> Answer | Unknown:
        return _known(self._client.get(path, params=params))

    def post(self, path: str, *, body: Mapping[str, object], key: str) -> Answer | Unknown:
        """A write; `key` makes a repetition harmless."""
        return _known(self._client.post(path, body=body, key=key))


def _known(answer: Answer | http.NoAnswer) -> Answer | Unknown:
    return Unknown(answer.reason, unsent=answer.unsent) if isinstance(answer, http.NoAnswer) else answer
