"""Nothing stays unknown: every attempt and message that waits for an answer is asked about until there is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection, transaction

from payments.atm import kept
from payments.gateways import registry
from payments.gateways.base import Declined, Movement, Succeeded
from payments.models import Attempt, InboxMessage
from payments.services.ask import ask_gateway, schedule
from payments.services.cancel_payment import carry_out_due
from payments.services.dispute import send_answers_due
from payments.services.probe import probe_gateways
from payments.services.reverse import reverse
from payments.services.send_link import send_links_due
from payments.services.settle import suspend
from payments.services.take_notification import conclude, judge
from payments.states import Verdict

log = structlog.get_logger(__name__)
AT_ONCE: Final = 200
MESSAGE_AGAIN: Final = timedelta(seconds=30)
GIVE_UP_MESSAGE_AFTER: Final = 12
KEEP_REFUSED: Final = timedelta(days=30)


@dataclass(frozen=True)
class Swept:
    """How many were asked about, and how many of them failed and stay due."""

    attempts: int
    messages: int
    failed: int


def sweep(*, at: datetime) -> Swept:
    """Ask about everything that is due at `at`. Safe to run in several processes at once and to kill at any moment."""
    attempts = claim_attempts(at=at)
    failed = sum(not _safely("attempt", pk, at) for pk in attempts)
    failed += not _safely("remembered", 0, at)
    messages = _claim_messages(at=at)
    failed += sum(not _safely("message", pk, at) for pk in messages)
    probe_gateways(at=at)
    failed += carry_out_due(at=at)
    failed += send_answers_due(at=at)
    failed += send_links_due(at=at)
    InboxMessage.objects.filter(verdict=Verdict.REFUSED, ask_at=None, last_received_at__lt=at - KEEP_REFUSED).update(
        body=b"", headers={}
    )
    return Swept(len(attempts), len(messages), failed)


def _safely(what: str, pk: int, at: datetime) -> bool:
    """One that fails leaves the others alone; it stays due."""
    try:
        if what == "attempt":
            resolve_attempt(attempt_id=pk, at=at)
        elif what == "remembered":
            _post_remembered(at)
        else:
            _resolve_message(pk, at)
    except Exception:
        log.exception("payments.sweep_failed", what=what, id=pk)
        return False
    return True


def claim_attempts(*, at: datetime) -> list[int]:
    """Attempts to ask about now; each is due again later unless it is resolved by then."""
    with transaction.atomic():
        due = Attempt.objects.filter(ask_at__lte=at).select_for_update(skip_locked=True, no_key=True)
        claimed = list(due.order_by("ask_at")[:AT_ONCE])
        for attempt in claimed:
            attempt.asks += 1
            attempt.ask_at = schedule(attempt=attempt, at=at)
        Attempt.objects.bulk_update(claimed, ["asks", "ask_at"])
    return [attempt.pk for attempt in claimed]


def resolve_attempt(*, attempt_id: int, at: datetime) -> bool:
    """Ask, then note when to ask next in the state that it came to; False if the gateway gave no answer."""
    before = Attempt.objects.get(pk=attempt_id).status
    answered = ask_gateway(attempt_id=attempt_id, at=at)
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.status != before:
        Attempt.objects.filter(pk=attempt_id, status=attempt.status).update(ask_at=schedule(attempt=attempt, at=at))
    return answered


def _post_remembered(at: datetime) -> None:
    """What takes money back and was told in the same moment as that money."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_post_all_remembered(%s)", [at])


def _claim_messages(*, at: datetime) -> list[int]:
    with transaction.atomic():
        due = InboxMessage.objects.filter(ask_at__lte=at).select_for_update(skip_locked=True, no_key=True)
        claimed = list(due.order_by("ask_at").defer("body")[:AT_ONCE])
        for message in claimed:
            message.asks += 1
            message.ask_at = at + MESSAGE_AGAIN * 2 ** min(message.asks, 8)
        InboxMessage.objects.bulk_update(claimed, ["asks", "ask_at"])
    return [message.pk for message in claimed]


def _resolve_message(message_id: int, at: datetime) -> None:
    message = InboxMessage.objects.get(pk=message_id)
    if message.verdict == Verdict.PROCESSED:
        InboxMessage.objects.filter(pk=message_id).update(ask_at=None)
    elif kept.is_of_a_bank(message.gateway):
        kept.take_up(message_id=message_id, body=bytes(message.body), received_at=message.received_at, at=at)
    elif message.verdict in {Verdict.RECEIVED, Verdict.REFUSED}:
        # Whoever took it died before it was judged; judged now by the moment at which it came.
        judge(
            adapter=registry.gateway(message.gateway),
            message_id=message_id,
            body=bytes(message.body),
            headers=message.headers,
            at=message.last_received_at,
        )
    elif message.asks > GIVE_UP_MESSAGE_AFTER:
        conclude(message_id, Verdict.SET_ASIDE, problem="the gateway gives no answer", reference=message.reference)
    else:
        _ask_about(message, at)


def _ask_about(message: InboxMessage, at: datetime) -> None:
    attempt = Attempt.objects.filter(gateway=message.gateway, reference=message.reference).first()
    if attempt is not None:
        if resolve_attempt(attempt_id=attempt.pk, at=at):
            conclude(message.pk, Verdict.PROCESSED, reference=message.reference)
        return
    outcome = registry.gateway(message.gateway).inquire(reference=message.reference)
    if isinstance(outcome, Succeeded):
        for movement in outcome.value.movements:
            _post_beside_attempts(message, movement, at)
        conclude(message.pk, Verdict.PROCESSED, problem="suspense", reference=message.reference)
    elif isinstance(outcome, Declined):
        conclude(message.pk, Verdict.SET_ASIDE, problem="the gateway knows no such order", reference=message.reference)


def _post_beside_attempts(message: InboxMessage, movement: Movement, at: datetime) -> None:
    """Money that came for an order which is not ours, or was taken back again."""
    gateway, reference = message.gateway, message.reference
    if movement.kind.money_came:
        suspend(gateway=gateway, reference=reference, movement=movement, at=at, message_id=message.pk)
        return
    of = movement.of or None
    reverse(gateway=gateway, reference=reference, movement=movement, of_movement=of, at=at, message_id=message.pk)
