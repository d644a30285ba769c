from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from payments.gateways import routing
from payments.gateways.base import Gateway, IssuedCode, Order, Outcome, Succeeded
from payments.rules.asking import FIRST
from payments.services.begin import ChannelClosed, Way, Wish, begin, link_secret
from payments.services.first_that_hears import first_that_hears
from payments.services.order_title import order_title
from payments.services.start_card import Started
from payments.services.start_virtual_account import last_moment
from payments.services.steps import code_issued, not_begun
from payments.states import Channel, Status


class TooMuchForAStore(Refusal):
    message = _("Stores take less than this at once. Pay a part there, or choose another way to pay.")


def start_store_code(*, wish: Wish, at: datetime) -> Started:
    """Have a number issued (편의점 수납번호) that pays exactly what is owed at the till of a convenience store.

    It closes as a virtual account does, before the sum grows; begin again for another number. Raises ChannelClosed,
    TooMuchForAStore and what `begin` raises.
    """
    serving = routing.serving(channel=Channel.CONVENIENCE_STORE, at=at)
    if not serving:
        raise ChannelClosed
    sum_of_it = wish.shown_amount if wish.way == Way.WHOLE else wish.amount
    gateways = [gateway for gateway in serving if sum_of_it <= gateway.most_by_code]
    if not gateways:
        raise TooMuchForAStore
    attempt = begin(
        wish=wish,
        channel=Channel.CONVENIENCE_STORE,
        gateway=gateways[0].name,
        expires_at=last_moment(wish=wish, at=at),
        ask_after=FIRST,
        at=at,
    )
    secret = link_secret(attempt.reference)
    if attempt.status != Status.CREATED or attempt.idempotency_key != wish.form_key:
        return Started(secret)
    order = Order(attempt.reference, attempt.amount, order_title(wish, attempt.language, at), attempt.language)

    def ask(gateway: Gateway) -> Outcome[IssuedCode]:
        return gateway.issue_code(order=order, expires_at=attempt.expires_at)

    outcome = first_that_hears(attempt=attempt, secret=secret, gateways=gateways, ask=ask)
    if isinstance(outcome, Succeeded):
        code_issued(secret=secret, channel=Channel.CONVENIENCE_STORE, code=outcome.value, at=at)
    else:
        not_begun(secret=secret, outcome=outcome)
    return Started(secret)
