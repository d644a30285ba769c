"""Starts the SMS provider, and reads a telephone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.sandbox.processes import program

SMS_KEY = "sandbox_sms_test"
SENDER = "0200000000"


@dataclass(frozen=True)
class SmsProvider:
    """A client of the provider's API, and its telephones."""

    http: httpx.Client
    url: str

    @property
    def options(self) -> dict[str, str]:
        """What settings.SMS says of this provider."""
        return {"url": self.url, "key": SMS_KEY, "sender": SENDER}

    def send(self, body: dict[str, Any], **headers: str) -> httpx.Response:
        return self.http.post("/v1/messages", json=body, headers=headers)

    def received(self, telephone: str) -> list[dict[str, Any]]:
        """All that was taken for a telephone, newest first."""
        return list(self.http.get("/sandbox/messages", params={"to": telephone}).json()["messages"])

    def fault(self, **fault: Any) -> None:
        assert self.http.post("/sandbox/faults", json=fault).status_code == 201

    def nothing_faulty(self) -> None:
        assert self.http.delete("/sandbox/faults").status_code == 204


@contextlib.contextmanager
def sms_provider(store: Path) -> Iterator[SmsProvider]:
    given = ["--port", "0", "--store", str(store), "--secret-key", SMS_KEY, "--deliver-after", "0"]
    with (
        program("sms", *given) as (address,),
        httpx.Client(base_url=address, auth=(SMS_KEY, ""), trust_env=False, timeout=10) as http,
    ):
        yield SmsProvider(http, address)
