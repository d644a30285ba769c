from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection

from core import clock
from ledger.services import Posting


def post_change(*, change_id: int, kind: str, postings: Sequence[Posting], at: datetime) -> None:
    """Post the entry of a change of a bill; the database holds it to what the change says (`sql/post_change.sql`).

    Once for each kind and change: a second is refused by the books.
    """
    values: list[Any] = [change_id, kind, clock.local_date(at), at, json.dumps([asdict(one) for one in postings])]
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_post_change(%s, %s, %s, %s, %s)", values)
