from __future__ import annotations

from datetime import datetime

import structlog
from django.db import connection

from payments.bankfiles.read_pain002 import Answer

log = structlog.get_logger(__name__)


def answer_transfers(*, bank: str, message_id: str, reference: str, answer: Answer, reason: str, at: datetime) -> int:
    """Write down what a bank says (pain.002) of one transfer of a message of ours; of all where `reference` is empty.

    How many changed. The same answer again changes nothing; one that comes after its opposite, or after the money left,
    is noted beside the transfer for people to see. An answer to no message of ours is logged.
    """
    if answer is Answer.PENDING:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_answer_transfers(%s, %s, %s, %s, %s, %s)",
            [bank, message_id, reference, answer.value, reason[:35], at],
        )
        changed = int(cursor.fetchone()[0])
    log.info("payments.transfers_answered", message=message_id, answer=answer.value, changed=changed)
    return changed
