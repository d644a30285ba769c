"""What payments does about events. Topics of strangers are claims: they only make us ask the gateway sooner."""

from __future__ import annotations

from functools import partial

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from core import clock, outbox
from mileage.services import cash_came_back
from payments.bankfiles.read_pain002 import Answer
from payments.models import Attempt, BankFile, Cancellation, Dispute, InboxMessage, Mandate, PayLink
from payments.services import answer_transfers, end_for_death
from payments.services.order_transfer import UnableToOrderTransfer
from payments.services.pay_points_out import pay_for_points, pay_partner
from payments.states import MANDATE_LIVE, Status
from payments.tasks import ask_about, post_bank_files, resolve_mandates, sweep_payments

log = structlog.get_logger(__name__)
UNSETTLED = (Status.CREATED, Status.WAITING, Status.CONFIRMING)


def payer_returned(event: outbox.Event) -> None:
    """`public.payment_returned.v1`: the payer came back from the gateway; whatever they say, the gateway is asked."""
    due = Attempt.objects.filter(reference=str(event.payload.get("reference", "")), status__in=UNSETTLED)
    for attempt_id in due.values_list("pk", flat=True):
        Attempt.objects.filter(pk=attempt_id).update(ask_at=clock.now())
        transaction.on_commit(partial(_hurry, attempt_id))


def message_waits(event: outbox.Event) -> None:
    """`intake.message_to_ask.v1`: a notification that only the gateway can explain."""
    message_id = event.payload.get("message_id")
    if isinstance(message_id, int) and InboxMessage.objects.filter(pk=message_id, ask_at__isnull=False).exists():
        transaction.on_commit(partial(_hurry, None))


def bank_file_brought(event: outbox.Event) -> None:
    """`payments.bank_file_brought.v1`: a job of its own reads and posts it, in many commits."""
    transaction.on_commit(_hurry_files)


def _hurry_files() -> None:
    try:
        post_bank_files.delay()
    except OperationalError:
        log.warning("payments.broker_away")


def cancellation_approved(event: outbox.Event) -> None:
    """`payments.cancel_approved.v1`: the row says what is due; the sweep carries it out."""
    if Cancellation.objects.filter(pk=event.payload["cancellation_id"], ask_at__isnull=False).exists():
        transaction.on_commit(partial(_hurry, None))


def dispute_answered(event: outbox.Event) -> None:
    """`payments.dispute_answered.v1`: the row says what is to be sent; the sweep sends it."""
    if Dispute.objects.filter(pk=event.payload["dispute_id"], ask_at__isnull=False).exists():
        transaction.on_commit(partial(_hurry, None))


def transfer_answered(event: outbox.Event) -> None:
    """`payments.transfer_answered.v1`: what a bank says of a transfer that may be ours."""
    told = event.payload
    answer_transfers(
        bank=BankFile.objects.values_list("bank", flat=True).get(pk=told["file_id"]),
        message_id=told["message_id"],
        reference=told["reference"],
        answer=Answer(told["answer"]),
        reason=told["reason"],
        at=event.published_at,
    )


def link_asked(event: outbox.Event) -> None:
    """`payments.link_asked.v1`: the row says what is to be sent; the sweep sends it."""
    if PayLink.objects.filter(pk=event.payload["link_id"], ask_at__isnull=False).exists():
        transaction.on_commit(partial(_hurry, None))


def keys_asked(event: outbox.Event) -> None:
    """`payments.keys_asked.v1`: somebody holds the line, so the gateway is asked to call at once."""
    attempt_id = event.payload["attempt_id"]
    if Attempt.objects.filter(pk=attempt_id, status=Status.CREATED).exists():
        transaction.on_commit(partial(_hurry, attempt_id))


def mandate_returned(event: outbox.Event) -> None:
    """`public.mandate_returned.v1`: somebody came back from the bank's page, or ends it; the bank is asked."""
    reference = str(event.payload.get("reference", ""))
    waiting = Mandate.objects.filter(reference=reference, ask_at__isnull=False)
    if waiting.update(ask_at=clock.now()):
        transaction.on_commit(_hurry_mandates)


def mandate_told(event: outbox.Event) -> None:
    """`intake.mandate_told.v1`: the bank sent word of a mandate, one in force or not; it is asked."""
    told = Mandate.objects.filter(reference=str(event.payload.get("reference", "")), status__in=MANDATE_LIVE)
    if told.update(ask_at=clock.now()):
        transaction.on_commit(_hurry_mandates)


def mandate_to_end(event: outbox.Event) -> None:
    """`payments.mandate_to_end.v1`: the row says that it is to end; the worker tells the bank."""
    if Mandate.objects.filter(pk=event.payload["mandate_id"], ask_at__isnull=False).exists():
        transaction.on_commit(_hurry_mandates)


def taxpayer_died(event: outbox.Event) -> None:
    """`accounts.death_recorded.v1`: what the deceased gave leave to is debited no more."""
    end_for_death(taxpayer_id=event.payload["taxpayer_id"], at=clock.now())
    transaction.on_commit(_hurry_mandates)


def _hurry_mandates() -> None:
    try:
        resolve_mandates.delay()
    except OperationalError:
        log.warning("payments.broker_away")


def _hurry(attempt_id: int | None) -> None:
    """The rows say what is due and the sweep will find it; a message to a worker only makes it sooner."""
    try:
        if attempt_id is None:
            sweep_payments.delay()
        else:
            ask_about.delay(attempt_id)
    except OperationalError:
        log.warning("payments.broker_away")


def points_became_money(event: outbox.Event) -> None:
    """`mileage.cash_owed.v1`: whoever gave the points for it is sent the money; an account that no message to a bank
    can hold is no account, and the points are theirs again.
    """
    reference, at = event.payload["reference"], clock.now()
    try:
        pay_for_points(reference=reference, at=at)
    except UnableToOrderTransfer:
        cash_came_back(reference=reference, key="no-account", at=at)


def points_partner_owed(event: outbox.Event) -> None:
    """`mileage.partner_owed.v1`: a partner is paid for what it gave out for points."""
    told = event.payload
    pay_partner(way=told["way"], partner=told["partner"], amount=told["amount"], key=told["key"], at=clock.now())
