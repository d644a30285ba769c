from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from core import clock, models, outbox
from tests.support.database import AsRole

SEEN: list[int] = []


def remember(event: outbox.Event) -> None:
    SEEN.append(event.payload["number"])


def remember_too(event: outbox.Event) -> None:
    SEEN.append(-event.payload["number"])


def remember_many(event: outbox.Event) -> None:
    SEEN.extend(event.payload["numbers"])


def fall_over(event: outbox.Event) -> None:
    raise RuntimeError("no luck")


HERE = "tests.core.test_outbox"


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    SEEN.clear()


@override_settings(SUBSCRIPTIONS={"test.v1": [f"{HERE}.remember", f"{HERE}.remember_too"]})
def test_every_subscriber_gets_an_event_once(deliver_events: Callable[[], int]) -> None:
    outbox.publish("test.v1", number=7)
    assert deliver_events() == 2
    assert deliver_events() == 0
    assert sorted(SEEN) == [-7, 7]


@override_settings(SUBSCRIPTIONS={"test.v1": [f"{HERE}.remember"]})
def test_an_event_of_a_transaction_that_failed_never_happened(deliver_events: Callable[[], int]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.publish("test.v1", number=7)
        raise RuntimeError
    deliver_events()
    assert SEEN == []


@override_settings(SUBSCRIPTIONS={"test.v1": [f"{HERE}.fall_over"]})
def test_a_delivery_whose_handler_fails_is_handed_over_again(db: None) -> None:
    outbox.publish("test.v1", number=7)
    at = clock.now() + timedelta(seconds=1)
    outbox.fan_out(at=at)
    (delivery_id,) = outbox.claim_due(at=at)
    with pytest.raises(RuntimeError):
        outbox.deliver(delivery_id=delivery_id)
    outbox.note_failure(delivery_id=delivery_id, error=RuntimeError("no luck"))
    assert outbox.claim_due(at=at) == []
    assert outbox.claim_due(at=at + outbox.PATIENCE) == [delivery_id]
    assert models.Delivery.objects.get().last_error == "RuntimeError: no luck"


@override_settings(SUBSCRIPTIONS={"test.v1": [f"{HERE}.remember"]})
def test_a_delivery_handed_over_twice_is_done_once(db: None) -> None:
    outbox.publish("test.v1", number=7)
    at = clock.now() + timedelta(seconds=1)
    outbox.fan_out(at=at)
    (delivery_id,) = outbox.claim_due(at=at)
    assert [outbox.deliver(delivery_id=delivery_id) for _ in range(2)] == [True, False]
    assert SEEN == [7]


def test_a_face_that_strangers_talk_to_publishes_requests_only(as_role: AsRole) -> None:
    with as_role("public"):
        outbox.publish("public.asked.v1", number=1)
        with pytest.raises(DatabaseError, match="row-level security"):
            outbox.publish("payments.settled.v1", payment_id=1)
    with as_role("intake"):
        outbox.publish("intake.received.v1", number=1)
        with pytest.raises(DatabaseError, match="row-level security"):
            outbox.publish("payments.settled.v1", payment_id=1)


def publish_many(topic: str, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_publish_each(%s, 'numbers', ARRAY(SELECT generate_series(1, %s)))", [topic, count])


@override_settings(SUBSCRIPTIONS={"test.v1": [f"{HERE}.remember"], "many.v1": [f"{HERE}.remember_many"]})
def test_events_of_a_bulk_wait_behind_all_others_and_come_few_at_a_time(deliver_events: Callable[[], int]) -> None:
    publish_many("many.v1", 5)
    outbox.publish("test.v1", number=7)
    at = clock.now() + timedelta(seconds=1)
    assert outbox.fan_out(at=at, most=1) == 1
    assert models.Delivery.objects.get().event.topic == "test.v1"
    assert outbox.fan_out(at=at, most=3) == 2  # two beside the one that is under way
    assert outbox.fan_out(at=at, most=3) == 0
    assert deliver_events() == 6
    assert sorted(SEEN) == [1, 2, 3, 4, 5, 7]


@override_settings(SUBSCRIPTIONS={})
def test_a_bulk_that_nobody_listens_to_is_passed_over(db: None) -> None:
    publish_many("many.v1", 5)
    assert outbox.fan_out(at=clock.now(), most=2) == 5
    assert not models.Event.objects.filter(handed_at=None).exists()
    assert not models.Delivery.objects.exists()
