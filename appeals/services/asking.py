from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


def one(query: str, values: Sequence[Any]) -> Any:
    """What a function of the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        ((found,),) = cursor.fetchall()
    return found
