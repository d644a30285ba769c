from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from accounts.services import Person, find_or_create_taxpayers
from accounts.services.sealing import open_seal
from billing.models import RollRow
from billing.services.import_roll import SEAL_USE

BATCH: Final = 5000


def identify_payers(*, roll_id: int, body: str) -> int:
    """Find or make the taxpayer record of every row of a roll's district; returns how many rows were done.

    Worker only: it opens the sealed numbers. Afterwards the rows hold neither number, name nor e-mail address.
    """
    done = 0
    while batch := identify_some_payers(roll_id=roll_id, body=body):
        done += batch
    return done


def identify_some_payers(*, roll_id: int, body: str) -> int:
    """The next 5,000 of them at most, in one commit; 0 when all are known."""
    with transaction.atomic():
        waiting = RollRow.objects.select_for_update(of=("self",)).filter(roll_id=roll_id, body_id=body, taxpayer=None)
        rows = list(waiting.order_by("pk")[:BATCH])
        people = [
            Person(
                name=row.name,
                resident_number=open_seal(sealed=bytes(row.sealed_number or b""), use=SEAL_USE),
                email=row.email,
            )
            for row in rows
        ]
        if people:
            _remember([row.pk for row in rows], find_or_create_taxpayers(people))
    return len(rows)


def _remember(row_ids: list[int], taxpayer_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_rollrow r SET taxpayer_id = f.taxpayer_id, sealed_number = NULL, name = '', email = '' "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS f (id, taxpayer_id) WHERE r.id = f.id",
            [row_ids, taxpayer_ids],
        )
