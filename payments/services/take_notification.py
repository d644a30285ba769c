"""The intake's one use case: a message arrives, is stored as it is, and only then looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, connection

from core import outbox
from payments import selectors
from payments.gateways import registry
from payments.gateways.base import Gateway, Movement, Notification, RefusedNotification, UnreadableNotification
from payments.services.dispute import note_objection
from payments.services.reverse import UnableToReverse, reverse
from payments.services.settle import Settlement, settle, settle_exactly
from payments.states import Verdict

MOST_BYTES: Final = 65_536
MOST_HEADERS: Final = 60


def take_notification(*, gateway: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Verdict:
    """Store a notification in a commit of its own, then judge it. `REFUSED` is to be answered by 401, the rest by 200.

    Raises `registry.UnknownGateway`, and `ValueError` for a body that nobody should have read into memory.
    """
    adapter = registry.gateway(gateway)
    if len(body) > MOST_BYTES:
        raise ValueError("too large")
    kept = {name[:100]: value[:1000] for name, value in list(headers.items())[:MOST_HEADERS]}
    with connection.cursor() as cursor:
        digest = hashlib.sha256(body).hexdigest()
        cursor.execute("SELECT payments_receive(%s, %s, %s, %s)", [gateway, digest, body, json.dumps(kept)])
        message_id = int(cursor.fetchone()[0])
    return judge(adapter=adapter, message_id=message_id, body=body, headers=headers, at=at)


def judge(*, adapter: Gateway, message_id: int, body: bytes, headers: Mapping[str, str], at: datetime) -> Verdict:
    """Verify a stored message and act on it; the same message again ends in the same state."""
    try:
        notification = adapter.read_notification(body=body, headers=headers, at=at)
    except RefusedNotification as refused:
        return conclude(message_id, Verdict.REFUSED, problem=str(refused))
    except UnreadableNotification as unreadable:
        return conclude(message_id, Verdict.SET_ASIDE, problem=str(unreadable))
    if notification.mandate:
        # Only the bank says how a mandate stands; the message makes us ask it now.
        outbox.publish("intake.mandate_told.v1", reference=notification.reference)
        return conclude(message_id, Verdict.PROCESSED, reference=notification.reference)
    if _shows_another_secret(adapter.name, notification):
        return conclude(message_id, Verdict.REFUSED, problem="another secret than that of the account")
    if notification.objection is not None:
        note_objection(gateway=adapter.name, told=notification.objection)
    return _act(adapter.name, message_id, notification, at)


def _shows_another_secret(gateway: str, told: Notification) -> bool:
    """Than was given when the order's account was issued. Where that is not known yet the message is a hint as any."""
    if not told.secret:
        return False
    return selectors.secret_fits(gateway=gateway, reference=told.reference, secret=told.secret) is False


def _act(gateway: str, message_id: int, told: Notification, at: datetime) -> Verdict:
    movement = told.movement
    if told.currency != settings.ETAX_CURRENCY:
        return conclude(message_id, Verdict.SET_ASIDE, problem="another currency", reference=told.reference)
    if movement is None:
        return _act_on_a_hint(gateway, message_id, told, at)
    if not movement.kind.money_came:
        return _take_back(gateway, message_id, told.reference, movement, at)
    try:
        return _settle(gateway, message_id, told.reference, movement, at)
    except IntegrityError:
        # Signed, and yet nothing that this attempt can have seen, a time before it began for one: the gateway is asked,
        # so that money which did come is not set aside with a message that told it wrongly.
        return _leave_to_the_worker(message_id, Verdict.TO_ASK, told.reference, at)


def _act_on_a_hint(gateway: str, message_id: int, told: Notification, at: datetime) -> Verdict:
    """No money moved, or the message does not prove it: the gateway itself says which."""
    if selectors.order(gateway=gateway, reference=told.reference, movement_id="") is None:
        return _leave_to_the_worker(message_id, Verdict.UNKNOWN_ORDER, told.reference, at)
    if told.objection is not None:
        return conclude(message_id, Verdict.PROCESSED, reference=told.reference)
    return _leave_to_the_worker(message_id, Verdict.TO_ASK, told.reference, at)


def _settle(gateway: str, message_id: int, reference: str, movement: Movement, at: datetime) -> Verdict:
    written = settle_exactly(gateway=gateway, reference=reference, movement=movement, at=at, message_id=message_id)
    if isinstance(written, Settlement):
        return Verdict.PROCESSED
    order = written.order
    if order is None:
        return _leave_to_the_worker(message_id, Verdict.UNKNOWN_ORDER, reference, at)
    if order.known:
        return conclude(message_id, Verdict.PROCESSED, reference=reference)
    if movement.amount != order.amount - order.already:
        # It is short, over, twice, or a false figure. The gateway itself says which.
        return _leave_to_the_worker(message_id, Verdict.TO_ASK, reference, at)
    settle(gateway=gateway, reference=reference, movement=movement, at=at, message_id=message_id, order=order)
    return Verdict.PROCESSED


def _take_back(gateway: str, message_id: int, reference: str, movement: Movement, at: datetime) -> Verdict:
    """Post at once where the message speaks of all that is left; of a part only the gateway says how much."""
    facts = selectors.reversible(gateway=gateway, reference=reference, of_movement=movement.of, movement_id=movement.id)
    if facts.known:
        return conclude(message_id, Verdict.PROCESSED, reference=reference)
    if movement.amount != facts.kept:
        return _leave_to_the_worker(message_id, Verdict.TO_ASK, reference, at)
    try:
        reverse(
            gateway=gateway,
            reference=reference,
            movement=movement,
            of_movement=movement.of or None,
            at=at,
            message_id=message_id,
        )
    except UnableToReverse:
        return _leave_to_the_worker(message_id, Verdict.TO_ASK, reference, at)
    return Verdict.PROCESSED


def _leave_to_the_worker(message_id: int, verdict: Verdict, reference: str, at: datetime) -> Verdict:
    """Only the worker asks the gateway; the row says that it must, the event that it may do so now."""
    conclude(message_id, verdict, reference=reference, ask_at=at)
    outbox.publish("intake.message_to_ask.v1", message_id=message_id)
    return verdict


def conclude(
    message_id: int, verdict: Verdict, *, problem: str = "", reference: str = "", ask_at: datetime | None = None
) -> Verdict:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payments_judge(%s, %s, %s, %s, %s)", [message_id, verdict.value, problem[:200], reference, ask_at]
        )
    return verdict
