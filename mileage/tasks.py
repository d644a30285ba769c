from __future__ import annotations

from celery import shared_task

from core import clock
from mileage import services


@shared_task(name="mileage.expire", ignore_result=True)
def expire() -> None:
    """Points whose last day is over are gone."""
    services.expire_points(at=clock.now())


@shared_task(name="mileage.tell_of_expiry", ignore_result=True)
def tell_of_expiry() -> None:
    """Whoever holds points that expire soon is told, once."""
    at = clock.now()
    services.note_expiring(at=at)
    services.mail_notices(at=at)
