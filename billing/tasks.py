"""Jobs of the worker. Each takes what waits, so that one that was lost is made up for by the next."""

from __future__ import annotations

from celery import shared_task

from core import clock


@shared_task(name="billing.check_roll", ignore_result=True)
def check_roll(roll_id: int) -> None:
    """Read the file of a roll that was brought; nothing if another worker is at it."""
    from billing.services import check_roll as checking  # loads what it computes with; handlers only send the task

    checking.check_roll(roll_id=roll_id, at=clock.now())


@shared_task(name="billing.check_rolls", ignore_result=True)
def check_rolls() -> None:
    """Read every file that waits, also one whose worker died over it."""
    from billing.services import check_roll as checking

    checking.forget_files_left()
    for roll_id in checking.rolls_waiting():
        checking.check_roll(roll_id=roll_id, at=clock.now())
