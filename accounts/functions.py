"""Calling the database's functions of this app."""

from __future__ import annotations

from typing import Any, LiteralString

from django.db import connection


def ask(function: LiteralString, *arguments: Any) -> Any:
    """The value of `SELECT function(…)`."""
    found = rows(function, *arguments)
    return next(iter(found[0].values())) if found else None


def rows(function: LiteralString, *arguments: Any) -> list[dict[str, Any]]:
    """The rows of `SELECT * FROM function(…)`."""
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places})", list(arguments))  # noqa: S608 (a literal in our own code)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
