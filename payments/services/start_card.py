from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from payments import selectors
from payments.gateways import routing
from payments.gateways.base import Gateway, HostedPage, Method, Order, Outcome, Succeeded
from payments.rules.asking import FIRST
from payments.services.begin import ChannelClosed, Wish, begin, link_secret
from payments.services.first_that_hears import first_that_hears
from payments.services.order_title import order_title
from payments.services.steps import not_begun, page_opened
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


def start_card(*, wish: Wish, back: ReturnAddresses, at: datetime, channel: Channel = Channel.CARD) -> Started:
    """Begin a payment by card, wallet or phone bill on the gateway's hosted page. The same form, or a second tab, gets
    the running attempt.

    No transaction may be running: the attempt is committed before the gateway hears of it.
    """
    gateways = routing.serving(channel=channel, at=at)
    if not gateways:
        raise ChannelClosed
    attempt = begin(
        wish=wish, channel=channel, gateway=gateways[0].name, expires_at=at + OPEN_FOR, ask_after=FIRST, at=at
    )
    secret = link_secret(attempt.reference)
    if attempt.status != Status.CREATED or attempt.idempotency_key != wish.form_key:
        return Started(secret)
    title = order_title(wish, attempt.language, at)
    order = Order(attempt.reference, attempt.amount, title, attempt.language, Method(channel.value))
    urls = {"success_url": back.success.format(secret=secret), "fail_url": back.fail.format(secret=secret)}

    def ask(gateway: Gateway) -> Outcome[HostedPage]:
        return gateway.open_page(order=order, **urls)

    outcome = first_that_hears(attempt=attempt, secret=secret, gateways=gateways, ask=ask)
    if isinstance(outcome, Succeeded):
        page_opened(secret=secret, channel=channel, page=outcome.value, at=at)
    else:
        not_begun(secret=secret, outcome=outcome)
    page = selectors.by_secret(secret=secret)
    return Started(secret, page.page_url if page and page.status == Status.WAITING else "")
