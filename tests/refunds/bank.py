"""The city's bank, as far as tests of refunds need it: it got the day's file, and says what became of the transfers."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.db import connection

from core import clock
from payments.models import Transfer
from tests.payments.bank_messages import Told
from tests.payments.days import bank_states
from tests.support.database import admin_connection

CONTENT = b"a file of the day"


def gets_the_file(database_name: str, *officers: int) -> None:
    """All that is ordered is filed, released by two officers, and with the bank."""
    ids = list(Transfer.objects.filter(status="ordered").values_list("pk", flat=True))
    message = f"TRF-{secrets.token_hex(4)}"
    batch = _ask(
        "SELECT payments_file_transfers(%s, '088', %s, current_date + (random() * 3000)::integer, %s, now())",
        ids,
        message,
        CONTENT,
    )
    with admin_connection(database_name) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE payments_transferbatch SET status = 'released', approved_by_id = %s, released_by_id = %s "
            "WHERE id = %s",
            [*officers, batch],
        )
    assert _ask("SELECT payments_send_batch(%s, %s)", batch, hashlib.sha256(CONTENT).hexdigest())


def rejects(transfer: Transfer) -> None:
    transfer.refresh_from_db()
    assert transfer.batch is not None
    values = [transfer.batch.message_id, transfer.reference]
    assert _ask("SELECT payments_answer_transfers('088', %s, %s, 'rejected', 'AC04', now())", *values)


def shows_that_it_left(transfer: Transfer) -> None:
    _states(Told(transfer.amount, out=True, ref=secrets.token_hex(6), end_to_end=transfer.reference))


def sends_back(transfer: Transfer) -> None:
    _states(Told(transfer.amount, ref=secrets.token_hex(6), end_to_end=transfer.reference, returned=True))


def _states(line: Told) -> None:
    bank_states(clock.local_date(clock.now()), line)


def _ask(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return cursor.fetchone()[0]
