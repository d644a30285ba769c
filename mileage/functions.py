"""Calling this app's posting functions."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction


def call(function: str, *values: Any) -> Any:
    """The answer of `SELECT function(values…)`; both are this program's own words."""
    places = ", ".join(["%s"] * len(values))
    with transaction.atomic(), connection.cursor() as cursor:  # a face's session speaks within a transaction
        cursor.execute(f"SELECT {function}({places})", list(values))
        ((found,),) = cursor.fetchall()
    return found
