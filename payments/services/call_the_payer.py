"""Worker: a gateway has the payer type a card on telephone keys (버튼식 ARS). Nobody here hears or sees a key."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from accounts.services.sealing import open_seal
from core.states import StaleState, move
from payments.gateways import registry, routing
from payments.gateways.base import Declined, Gateway, Order, Outcome, PhoneEntry, Succeeded, Unknown
from payments.models import Attempt, PhoneCall
from payments.services.order_title import title_of
from payments.states import TRANSITIONS, Channel, Status

log = structlog.get_logger(__name__)
TELEPHONE = "telephone of a caller"


def to_be_called(attempt: Attempt, at: datetime) -> bool:
    """Whether the payer may still be called; later nobody holds the line, and the gateway is only asked."""
    return attempt.channel == Channel.ARS and attempt.status == Status.CREATED and at < attempt.expires_at


def call_the_payer(*, attempt: Attempt, at: datetime) -> bool:
    """Have the gateway call; asked again with the same key it calls nobody twice. False if it gave no answer.

    The first gateway that can be reached keeps the attempt; none that can be reached ends it, since nothing can have
    happened anywhere. Runs outside any transaction.
    """
    phone = PhoneCall.objects.get(attempt=attempt)
    telephone = open_seal(sealed=bytes(phone.sealed_telephone or b""), use=TELEPHONE)
    bills = list(attempt.items.values_list("bill_id", flat=True))
    order = Order(attempt.reference, attempt.amount, title_of(bills, attempt.language, at), attempt.language)
    outcome = _first_that_hears(attempt, order, telephone, at)
    log.info("payment.phone_entry", reference=attempt.reference, outcome=type(outcome).__name__)
    if isinstance(outcome, Succeeded):
        facts = {"gateway_key": outcome.value.gateway_key, "expires_at": outcome.value.expires_at, "asks": 0}
        _move(attempt, Status.WAITING, facts)
    elif isinstance(outcome, Declined):
        _move(attempt, Status.DECLINED, {"failure": outcome.code})
    elif isinstance(outcome, Unknown) and outcome.unsent and attempt.asks <= 1:
        _move(attempt, Status.DECLINED, {"failure": "UNREACHABLE"})
    return isinstance(outcome, Succeeded | Declined)


def _first_that_hears(attempt: Attempt, order: Order, telephone: str, at: datetime) -> Outcome[PhoneEntry]:
    """Only at the first question: later on a gateway may have heard of it, and keeps it."""
    outcome = _asked(registry.gateway(attempt.gateway), order, telephone)
    if attempt.asks > 1:
        return outcome
    for gateway in routing.serving(channel=Channel.ARS, at=at):
        if not (isinstance(outcome, Unknown) and outcome.unsent):
            break
        if gateway.name != attempt.gateway and _handed_over(attempt, gateway):
            outcome = _asked(gateway, order, telephone)
    return outcome


def _asked(gateway: Gateway, order: Order, telephone: str) -> Outcome[PhoneEntry]:
    outcome = gateway.open_phone_entry(order=order, telephone=telephone)
    routing.note(gateway.name, outcome)
    return outcome


def _handed_over(attempt: Attempt, gateway: Gateway) -> bool:
    fresh = Attempt.objects.filter(
        pk=attempt.pk, status=Status.CREATED, gateway=attempt.gateway, gateway_key="", asks=attempt.asks
    )
    done = fresh.update(gateway=gateway.name) == 1
    log.warning("payment.rerouted", before=attempt.gateway, after=gateway.name, done=done)
    attempt.gateway = gateway.name if done else attempt.gateway
    return done


def _move(attempt: Attempt, new: Status, facts: dict[str, object]) -> None:
    """The telephone number is forgotten: nobody needs it any more."""
    try:
        with transaction.atomic():
            move(Attempt, attempt.pk, transitions=TRANSITIONS, old=Status.CREATED, new=new, **facts)
            PhoneCall.objects.filter(attempt=attempt).update(sealed_telephone=None)
    except StaleState:
        log.info("payment.phone_entry_elsewhere", reference=attempt.reference)
