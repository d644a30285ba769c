from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from payments import selectors
from payments.gateways import registry
from payments.gateways.base import Declined, HostedPage, Order, Outcome, Succeeded, Unknown
from payments.models import Attempt
from payments.rules.asking import FIRST
from payments.services.begin import ChannelClosed, Wish, begin, link_secret
from payments.services.order_title import order_title
from payments.services.steps import page_opened, refused_at_once
from payments.states import Channel, Status

OPEN_FOR: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Started:
    """`secret` leads to the payer's page; `go_to` is the gateway's page while it is open and this call opened it."""

    secret: str
    go_to: str = ""


@dataclass(frozen=True)
class ReturnAddresses:
    """Where the gateway sends the payer back to: absolute, with `{secret}` in the place of the link's secret."""

    success: str
    fail: str


def start_card(*, wish: Wish, back: ReturnAddresses, at: datetime) -> Started:
    """Begin a card payment on the gateway's hosted page. The same form, or a second tab, gets the running attempt.

    No transaction may be running: the attempt is committed before the gateway hears of it.
    """
    if not registry.is_open(Channel.CARD):
        raise ChannelClosed
    gateway = registry.gateway_for(Channel.CARD)
    attempt = begin(
        wish=wish, channel=Channel.CARD, gateway=gateway.name, expires_at=at + OPEN_FOR, ask_after=FIRST, at=at
    )
    secret = link_secret(attempt.reference)
    if attempt.status != Status.CREATED or attempt.idempotency_key != wish.form_key:
        return Started(secret)
    order = Order(attempt.reference, attempt.amount, order_title(wish, attempt.language, at), attempt.language)
    outcome = _open(attempt, order, back, secret)
    if isinstance(outcome, Succeeded):
        page_opened(secret=secret, channel=Channel.CARD, page=outcome.value, at=at)
    elif isinstance(outcome, Declined):
        refused_at_once(secret=secret, declined=outcome)
    page = selectors.by_secret(secret=secret)
    return Started(secret, page.page_url if page and page.status == Status.WAITING else "")


def _open(attempt: Attempt, order: Order, back: ReturnAddresses, secret: str) -> Outcome[HostedPage]:
    """A lost answer is asked for once more with the same key: it opens no second page."""
    gateway = registry.gateway(attempt.gateway)
    urls = {"success_url": back.success.format(secret=secret), "fail_url": back.fail.format(secret=secret)}
    outcome = gateway.open_page(order=order, **urls)
    return gateway.open_page(order=order, **urls) if isinstance(outcome, Unknown) else outcome
