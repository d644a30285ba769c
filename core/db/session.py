"""Whose session the running request belongs to: the secret that row-level security resolves.

A middleware sets it, the database backend hands it to PostgreSQL at the start of each transaction, and it ends with
that transaction; a connection that is used again for somebody else carries nothing over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

_secret: ContextVar[str] = ContextVar("etax_session_secret", default="")


def current_secret() -> str:
    """The session secret of the running request, or an empty text."""
    return _secret.get()


@contextmanager
def session_secret(secret: str) -> Iterator[None]:
    """Within the block every transaction on this thread speaks for the session with that secret."""
    token = _secret.set(secret)
    try:
        yield
    finally:
        _secret.reset(token)


def replace_secret(secret: str) -> None:
    """Go on under another secret: from now on, and within the transaction that is running."""
    _secret.set(secret)
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('etax.session', %s, true)", [secret])
