from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from billing.models import Bill


@dataclass(frozen=True, kw_only=True)
class FindOutcome:
    """`bill_id` is what was found for this session; `wait` says that there were too many tries.

    `both`: strangers are trying; name and birth date are needed together for now. `instead`: the number was that of a
    bill in whose place the one that was found was issued.
    """

    bill_id: int | None
    instead: bool = False
    wait: bool = False
    both: bool = False


def find_bill(*, epay_number: str, name: str | None, born: date | None, visitor: str) -> FindOutcome:
    """Find a bill by its electronic payment number and the payer's name or birth date, for the running session.

    The database does it and counts the tries; an unknown number and a wrong name are one answer. From then on the
    session sees that bill for an hour. `visitor` is where the request came from. Two transactions: the database answers
    a question only after it is committed and counted.
    """
    question = [epay_number, name, born]
    lookup = _ask("SELECT billing_ask_for_bill(%s, %s, %s::date, %s)", [*question, visitor])
    answer = lookup if lookup < 0 else _ask("SELECT billing_find_bill(%s, %s, %s, %s::date)", [lookup, *question])
    if answer <= 0:
        return FindOutcome(bill_id=None, wait=answer == -1, both=answer == -2)
    with transaction.atomic():
        instead = not Bill.objects.filter(pk=answer, epay_number=epay_number).exists()
    return FindOutcome(bill_id=answer, instead=instead)


def _ask(query: str, values: list[Any]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, values)
        return int(cursor.fetchone()[0])
