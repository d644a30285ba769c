from __future__ import annotations

from celery import shared_task

from ledger import services


@shared_task(name="ledger.roll_up", ignore_result=True)
def roll_up() -> None:
    """Keep the tail of unsummed postings short."""
    services.roll_up()
