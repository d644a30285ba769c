"""Facts of the running request that the audit trail wants and no use case should have to pass around."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestFacts:
    """From where something was asked; empty for jobs."""

    account_id: int | None = None
    address: str = ""
    session_mark: str = ""


NOBODY = RequestFacts()
_facts: ContextVar[RequestFacts] = ContextVar("etax_request_facts", default=NOBODY)


def current_facts() -> RequestFacts:
    return _facts.get()


@contextmanager
def request_facts(facts: RequestFacts) -> Iterator[None]:
    token = _facts.set(facts)
    try:
        yield
    finally:
        _facts.reset(token)
