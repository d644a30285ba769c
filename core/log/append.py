from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection


def append_leaf(*, kind: str, reference: str, content: Mapping[str, Any]) -> None:
    """Append content that shall stay provable, in the caller's transaction.

    The database adds a random salt, so that publishing a leaf's hash tells nothing about its content. The leaf gets
    its place in the tree when a job seals it; no writer waits for another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_append_leaf(%s, %s, %s)", [kind, reference, json.dumps(dict(content), default=str)])
