from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, kw_only=True)
class FindOutcome:
    """`bill_id` is what was found for this session; `wait` says that there were too many tries."""

    bill_id: int | None
    wait: bool = False


def find_bill(*, epay_number: str, name: str | None, born: date | None, visitor: str) -> FindOutcome:
    """Find a bill by its electronic payment number and the payer's name or birth date, for the running session.

    The database does it and counts the tries; an unknown number and a wrong name are one answer. From then on the
    session sees that bill for an hour. `visitor` is where the request came from.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_find_bill(%s, %s, %s::date, %s)", [epay_number, name, born, visitor])
        (answer,) = cursor.fetchone()
    return FindOutcome(bill_id=answer if answer > 0 else None, wait=answer < 0)
