from __future__ import annotations

from celery import shared_task

from core import clock
from mileage import services


@shared_task(name="mileage.expire", ignore_result=True)
def expire() -> None:
    """Points whose last day is over are gone."""
    services.expire_points(at=clock.now())
