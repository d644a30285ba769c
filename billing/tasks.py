"""Jobs of the worker. Each takes what waits, so that one that was lost is made up for by the next."""

from __future__ import annotations

from datetime import timedelta
from logging import ERROR, INFO
from typing import Final

import structlog
from celery import shared_task

from core import clock

log = structlog.get_logger(__name__)
MOST_TOLD: Final = 100


@shared_task(name="billing.check_roll", ignore_result=True)
def check_roll(roll_id: int) -> None:
    """Read the file of a roll that was brought; nothing if another worker is at it."""
    from billing.services import check_roll as checking  # loads what it computes with; handlers only send the task

    checking.check_roll(roll_id=roll_id, at=clock.now())


@shared_task(name="billing.name_prescribed", ignore_result=True)
def name_prescribed() -> None:
    """Claims whose limitation seems to have passed wait for an officer."""
    from billing.services.life import prescribe

    prescribe.name_prescribed(at=clock.now())


@shared_task(name="billing.recompute_new_bills", ignore_result=True)
def recompute_new_bills() -> None:
    """Bills of the last two days, computed one by one, come to the same won; else whoever operates hears of it."""
    from billing.services.recompute_bills import Count, recompute_bills

    count, differ = Count(), 0
    for bill in recompute_bills(count=count, since=clock.now() - timedelta(days=2)):
        differ += 1
        if differ <= MOST_TOLD:
            log.error("billing.bill_differs", bill_id=bill.bill_id, stands=bill.stands, computed=bill.computed)
    log.log(ERROR if differ else INFO, "billing.bills_recomputed", bills=count.bills, differ=differ)


@shared_task(name="billing.check_rolls", ignore_result=True)
def check_rolls() -> None:
    """Read every file that waits, also one whose worker died over it."""
    from billing.services import check_roll as checking

    checking.forget_files_left()
    for roll_id in checking.rolls_waiting():
        checking.check_roll(roll_id=roll_id, at=clock.now())
