from __future__ import annotations

from celery import shared_task

from core import clock
from filing import services


@shared_task(name="filing.lapse_prepaid", ignore_result=True)
def lapse_prepaid() -> None:
    """What was applied for to be paid ahead and was not paid lapses."""
    services.lapse_prepaid(at=clock.now())
