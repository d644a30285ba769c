"""The objection of a cardholder (이의제기): heard of, answered by an officer with evidence, sent by the worker."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal
from core.states import move
from payments.gateways import registry
from payments.gateways.base import Capability, Declined, EvidenceFile, Objection, Succeeded
from payments.models import Dispute, DisputeFile
from payments.states import DISPUTE_TRANSITIONS, DisputeStatus

log = structlog.get_logger(__name__)
AGAIN: Final = timedelta(seconds=20)
LONGEST: Final = timedelta(minutes=30)
AT_ONCE: Final = 50


class UnableToAnswer(Refusal):
    message = _(
        "This objection can't be answered: it was answered or decided, its day has passed, or it is in your own or a "
        "relative's file."
    )


class NoRoomForFile(Refusal):
    message = _("No file can be added: at most 10 files and 5 MB together, before the answer is sent.")


def note_objection(*, gateway: str, told: Objection) -> None:
    """Write down what a gateway tells of an objection. Told again it changes nothing; an end stays."""
    facts = {
        "movement_id": told.movement_id,
        "reference": told.reference,
        "amount": told.amount,
        "reason": told.reason,
        "respond_by": told.respond_by.isoformat(),
        "state": told.state.value,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_dispute_told(%s, %s)", [gateway, json.dumps(facts)])


def learn_objection(*, gateway: str, movement_id: str) -> None:
    """Worker: ask about an objection of which only the movement is known. Runs outside any transaction."""
    adapter = registry.gateway(gateway)
    known = Dispute.objects.filter(gateway=gateway, movement_id=movement_id, respond_by__isnull=False).exists()
    if known or Capability.REPRESENT not in adapter.capabilities:
        return
    outcome = adapter.objection(movement_id=movement_id)
    if isinstance(outcome, Succeeded):
        note_objection(gateway=gateway, told=outcome.value)


def add_evidence(*, dispute_id: int, name: str, kind: str, content: bytes, officer_id: int, at: datetime) -> None:
    """Keep a file that proves the payment, `kind` `pdf` or `png`, until the answer is sent. Raises `NoRoomForFile`."""
    try:
        with transaction.atomic():
            DisputeFile.objects.create(
                dispute_id=dispute_id, name=name[:100], kind=kind, content=content, added_by_id=officer_id, added_at=at
            )
    except IntegrityError as error:
        raise NoRoomForFile from error
    audit.record(action="dispute.evidence_added", subject=f"dispute:{dispute_id}", actor_id=officer_id)


def answer_dispute(*, dispute_id: int, statement: str, officer_id: int, at: datetime) -> None:
    """Answer an objection once, in the name of the session's officer; a worker sends it. Raises `UnableToAnswer`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT payments_answer_dispute(%s, %s, %s)", [dispute_id, statement, at])
            ((answered,),) = cursor.fetchall()
        if not answered:
            raise UnableToAnswer
        audit.record(action="dispute.answered", subject=f"dispute:{dispute_id}", actor_id=officer_id)


def send_answers_due(*, at: datetime) -> int:
    """Worker: send every answer whose time has come; how many failed and stay due."""
    due = Dispute.objects.filter(status=DisputeStatus.SENDING, ask_at__lte=at).order_by("ask_at")
    failed = 0
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            _send(pk, at)
        except Exception:
            log.exception("payments.answer_stays_due", id=pk)
            failed += 1
    return failed


def _send(dispute_id: int, at: datetime) -> None:
    """Said again with the same key it changes nothing, so an answer that was lost is simply sent once more."""
    with transaction.atomic():
        rows = Dispute.objects.select_for_update().filter(pk=dispute_id, status=DisputeStatus.SENDING, ask_at__lte=at)
        dispute = rows.first()
        if dispute is None:
            return
        dispute.asks += 1
        dispute.ask_at = at + min(AGAIN * (1 << min(dispute.asks, 10)), LONGEST)
        dispute.save(update_fields=["asks", "ask_at"])
    files = DisputeFile.objects.filter(dispute_id=dispute_id).order_by("id")
    outcome = registry.gateway(dispute.gateway).represent(
        movement_id=dispute.movement_id,
        statement=dispute.statement,
        evidence=[EvidenceFile(one.name, one.kind, bytes(one.content)) for one in files],
        key=f"represent-{dispute.movement_id}-{dispute.pk}",
    )
    if isinstance(outcome, Succeeded):
        _end(dispute, DisputeStatus.REPRESENTED)
    elif isinstance(outcome, Declined):
        _end(dispute, DisputeStatus.REFUSED, problem=outcome.code)


def _end(dispute: Dispute, status: DisputeStatus, *, problem: str = "") -> None:
    facts = {"ask_at": None, "problem": problem}
    move(Dispute, dispute.pk, transitions=DISPUTE_TRANSITIONS, old=DisputeStatus.SENDING, new=status, **facts)
    audit.record(action=f"dispute.{status.value}", subject=f"dispute:{dispute.pk}")
