from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction

from core import clock
from mileage.functions import call

log = structlog.get_logger(__name__)
AT_ONCE: Final = 1000


def expire_points(*, at: datetime) -> int:
    """What lots hold after their last day is gone (소멸); how many points. A holder at a time: it may be killed."""
    gone = 0
    while holders := _with_points_past(at):
        for holder in holders:
            with transaction.atomic():
                gone += call("mileage_expire", holder, at)
    if gone:
        log.info("mileage.expired", points=gone)
    return gone


def _with_points_past(at: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT l.holder_id FROM mileage_lot l WHERE l.expires_on < %s AND "
            "(SELECT sum(p.amount) FROM mileage_posting p WHERE p.lot_id = l.id AND p.account = 'held') > 0 LIMIT %s",
            [clock.local_date(at), AT_ONCE],
        )
        return [row[0] for row in cursor.fetchall()]
