"""A guard for code that talks to the outside."""

from __future__ import annotations

from django.db import connection


class TransactionSpansCall(AssertionError):
    """A gateway or another server was about to be called while a transaction held locks."""


def forbid_in_transaction() -> None:
    """Call first in every adapter that waits for somebody else's server."""
    if connection.in_atomic_block:
        raise TransactionSpansCall("no transaction may span a call to the outside")
