from __future__ import annotations

from celery import shared_task

from core import clock
from refunds import services


@shared_task(name="refunds.send", ignore_result=True)
def send_refunds() -> None:
    """Carry on with every payment out."""
    services.send_refunds(at=clock.now())


@shared_task(name="refunds.talk", ignore_result=True)
def talk() -> None:
    """Ask banks, and write to people."""
    services.talk(at=clock.now())


@shared_task(name="refunds.scan", ignore_result=True)
def scan() -> None:
    """Have files looked at that were brought."""
    services.look_at_claim_files(at=clock.now())


@shared_task(name="refunds.look", ignore_result=True)
def look_for_refunds() -> None:
    """The night's round: what no event has told of is found, and every open refund is computed for the day."""
    services.nightly(at=clock.now())
