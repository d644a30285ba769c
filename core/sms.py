"""Text messages (문자 메시지) by a provider's web call, written from docs/protocols/sms.md. It knows no business words.

Whoever sends keeps a row with a reference of its own: that names the message for ever, so that asking again after a
lost answer sends nothing twice. A time-out, a broken connection and an error of the provider's server say nothing
about what happened (`Unknown`), and are never taken for a failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings

from core.http import Answer, BoundedClient, NoAnswer

# Answers that say nothing about the message: it is being taken, or our own key is wrong.
UNDECIDED: Final = frozenset({"IDEMPOTENT_REQUEST_PROCESSING", "DUPLICATED_REFERENCE", "UNAUTHORIZED_KEY"})
MOST_CODE: Final = 60


class State(StrEnum):
    """Where a message stands at the provider."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Told:
    """What the provider says of a message; `problem` is its own word where it failed."""

    state: State
    problem: str = ""


@dataclass(frozen=True)
class Refused:
    """The provider will not send it, or knows no such message; `problem` is its own word."""

    problem: str
    not_found: bool = False


@dataclass(frozen=True)
class Unknown:
    """Nobody knows what happened: ask again, with the same reference."""

    reason: str


Outcome = Told | Refused | Unknown


class Provider:
    """Connections to the provider, kept open. Refuses to run inside a transaction."""

    def __init__(self, *, url: str, key: str, sender: str) -> None:
        self._client = BoundedClient(url=url, key=key)
        self._sender = sender

    def close(self) -> None:
        self._client.close()

    def send(self, *, reference: str, to: str, text: str) -> Outcome:
        """Send `text` to a mobile number (digits), once for ever per `reference`."""
        body = {"reference": reference, "from": self._sender, "to": to, "text": text}
        return _outcome(self._client.post("/v1/messages", body=body, key=reference))

    def ask(self, *, reference: str) -> Outcome:
        """What became of a message."""
        return _outcome(self._client.get(f"/v1/messages/references/{quote(reference, safe='')}"))


def provider() -> Provider:
    """The one of this process's settings; only the worker has its key."""
    return _built(**settings.SMS)


def close_connections() -> None:
    """Let go of every connection (tests, the end of a process)."""
    for one in _made:
        one.close()
    _made.clear()
    _built.cache_clear()


_made: list[Provider] = []


@lru_cache(maxsize=4)
def _built(url: str, key: str, sender: str) -> Provider:
    made = Provider(url=url, key=key, sender=sender)
    _made.append(made)
    return made


def _outcome(answer: Answer | NoAnswer) -> Outcome:
    if isinstance(answer, NoAnswer):
        return Unknown(answer.reason)
    if answer.good:
        return _told(answer.body)
    if answer.code in UNDECIDED or answer.status in {408, 429}:
        return Unknown(answer.code)
    return Refused(answer.code, not_found=answer.status == 404)


def _told(values: Any) -> Outcome:
    try:
        state = State(str(values["state"]).lower()) if isinstance(values, Mapping) else None
    except (KeyError, ValueError):
        state = None
    if state is None:
        return Unknown("unreadable answer")
    return Told(state, str(values.get("failure") or "")[:MOST_CODE])
