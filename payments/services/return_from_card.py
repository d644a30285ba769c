from __future__ import annotations

from datetime import datetime

import structlog

from core import outbox
from payments import selectors
from payments.gateways import registry, routing
from payments.rules.asking import next_ask
from payments.services.steps import advance
from payments.states import ON_A_PAGE, Status

log = structlog.get_logger(__name__)


def return_from_card(*, secret: str, at: datetime) -> None:
    """The payer came back from the gateway's page having agreed: have the money taken, once.

    Nothing in the address they came by is believed. This face only asks the gateway to take what the attempt says; what
    came of it the worker learns by asking, and only the worker posts. A lost answer leaves the attempt `confirming`,
    and the sweep finds out.
    """
    page = selectors.by_secret(secret=secret)
    if page is None:
        return
    if page.status == Status.WAITING and page.channel in ON_A_PAGE:
        first = next_ask(status=Status.CONFIRMING, channel=page.channel, asks=0, expires_at=page.expires_at, at=at)
        if advance(secret=secret, old=Status.WAITING, new=Status.CONFIRMING, ask_at=first and first.isoformat()):
            outcome = registry.gateway(page.gateway).confirm(
                reference=page.reference, gateway_key=page.gateway_key, amount=page.amount
            )
            routing.note(page.gateway, outcome)
            log.info("payment.confirmed", reference=page.reference, outcome=type(outcome).__name__)
    outbox.publish("public.payment_returned.v1", reference=page.reference)


def return_without_paying(*, secret: str) -> None:
    """The gateway sent the payer back with a failure: a claim like any other, so the worker asks."""
    page = selectors.by_secret(secret=secret)
    if page is not None:
        outbox.publish("public.payment_returned.v1", reference=page.reference)
