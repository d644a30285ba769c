"""Transactional outbox: an event commits with the change that it tells of, and reaches each handler at least once.

A relay (`manage.py relay`) gives every event a `Delivery` per subscribed handler and hands it to Celery; the delivery
is done only in the commit of the handler's own work, and what is not done is handed over again. A broker that forgets
and a worker that dies lose nothing; a handler that is run twice finds its delivery done.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from core import clock, models

BACKOFF_CAP: Final = timedelta(hours=1)
# A delivery that was handed over is not handed over again before a worker had this long to do it.
PATIENCE: Final = timedelta(seconds=30)
UNHEARD: Final = 10_000
HOPELESS: Final = 5


@dataclass(frozen=True)
class Event:
    """What a handler gets. `id` is the key by which it may recognise a repetition."""

    id: int
    topic: str
    payload: dict[str, Any]
    published_at: datetime


Handler = Callable[[Event], None]


def publish(topic: str, **payload: Any) -> None:
    """Write an event in the caller's transaction. Payloads carry ids and plain values, no personal data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_publish(%s, %s)", [topic, json.dumps(payload, default=str)])


def fan_out(*, at: datetime, most: int = 500) -> int:
    """Give waiting events their deliveries; returns how many events were handled.

    Events of a bulk (a roll's bills) come last, and only while few deliveries are under way: a payment never waits
    behind a million bills. Those that nobody listens to are passed over many at a time.
    """
    with transaction.atomic():
        events = _waiting(bulk=False, most=most)
        if len(events) < most:
            events += _waiting(bulk=True, most=_room(most))
            passed = _pass_over(at)
        else:
            passed = 0
        deliveries = [
            models.Delivery(event_id=event_id, handler=handler, next_at=at)
            for event_id, topic in events
            for handler in settings.SUBSCRIPTIONS.get(topic, ())
        ]
        models.Delivery.objects.bulk_create(deliveries, batch_size=1000)
        models.Event.objects.filter(pk__in=[event_id for event_id, _ in events]).update(handed_at=at)
    return len(events) + passed


def _waiting(*, bulk: bool, most: int) -> list[tuple[int, str]]:
    waiting = models.Event.objects.filter(handed_at=None, bulk=bulk).select_for_update(skip_locked=True)
    if bulk:
        waiting = waiting.filter(topic__in=list(settings.SUBSCRIPTIONS))
    return list(waiting.order_by("bulk", "id")[:most].values_list("id", "topic"))


def _room(most: int) -> int:
    """How many deliveries more may be under way for the sake of a bulk."""
    return most - models.Delivery.objects.filter(done_at=None, attempts__lt=HOPELESS)[:most].count()


def _pass_over(at: datetime) -> int:
    """Bulk events that nobody listens to."""
    unheard = models.Event.objects.filter(handed_at=None, bulk=True).exclude(topic__in=list(settings.SUBSCRIPTIONS))
    some = unheard.select_for_update(skip_locked=True).order_by("bulk", "id").values("pk")[:UNHEARD]
    return models.Event.objects.filter(pk__in=some).update(handed_at=at)


def claim_due(*, at: datetime, most: int = 500) -> list[int]:
    """Deliveries to hand to a worker now; each is due again later unless it is done by then."""
    with transaction.atomic():
        due = models.Delivery.objects.filter(done_at=None, next_at__lte=at).select_for_update(skip_locked=True)
        claimed = list(due.order_by("next_at")[:most])
        for delivery in claimed:
            delivery.attempts += 1
            delivery.next_at = at + min(PATIENCE * 2 ** min(delivery.attempts - 1, 10), BACKOFF_CAP)
        models.Delivery.objects.bulk_update(claimed, ["attempts", "next_at"], batch_size=1000)
    return [delivery.pk for delivery in claimed]


def deliver(*, delivery_id: int) -> bool:
    """Run the handler and mark the delivery done in one transaction; False if it was done or is being done."""
    with transaction.atomic():
        row = (
            models.Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(pk=delivery_id, done_at=None)
            .first()
        )
        if row is None:
            return False
        event = row.event
        handler: Handler = import_string(row.handler)
        handler(Event(event.pk, event.topic, event.payload, event.published_at))
        models.Delivery.objects.filter(pk=delivery_id).update(done_at=clock.now(), last_error="")
    return True


def note_failure(*, delivery_id: int, error: Exception) -> None:
    """Keep what went wrong beside the delivery; it stays due."""
    text = f"{type(error).__name__}: {error}"[:2000]
    models.Delivery.objects.filter(pk=delivery_id, done_at=None).update(last_error=text)
