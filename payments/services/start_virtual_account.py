from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.errors import Refusal
from payments import selectors
from payments.gateways import routing
from payments.gateways.base import Gateway, IssuedAccount, Order, Outcome, Succeeded
from payments.rules.asking import FIRST
from payments.services.begin import BillNotToBePaid, ChannelClosed, Wish, begin, link_secret
from payments.services.first_that_hears import first_that_hears
from payments.services.order_title import order_title
from payments.services.start_card import Started
from payments.services.steps import account_issued, not_begun
from payments.states import Channel, Status

MOST_DAYS: Final = 7


class NoSuchBank(Refusal):
    message = _("This bank gives no virtual accounts. Choose another one.")


def start_virtual_account(*, wish: Wish, bank: str, at: datetime) -> Started:
    """Have a virtual account (가상계좌) issued for exactly what is owed.

    It closes before the sum grows: on the last of at most seven days on which the bills owe the same.
    """
    serving = routing.serving(channel=Channel.VIRTUAL_ACCOUNT, at=at)
    if not serving:
        raise ChannelClosed
    gateways = [gateway for gateway in serving if bank in gateway.banks]
    if not gateways:
        raise NoSuchBank
    attempt = begin(
        wish=wish,
        channel=Channel.VIRTUAL_ACCOUNT,
        gateway=gateways[0].name,
        expires_at=last_moment(wish=wish, at=at),
        ask_after=FIRST,
        at=at,
        bank=bank,
    )
    secret = link_secret(attempt.reference)
    if attempt.status != Status.CREATED or attempt.idempotency_key != wish.form_key:
        return Started(secret)
    order = Order(attempt.reference, attempt.amount, order_title(wish, attempt.language, at), attempt.language)
    holder = getattr(settings, "ETAX_CITY_NAME", "") or "ETAX"

    def ask(gateway: Gateway) -> Outcome[IssuedAccount]:
        return gateway.issue_account(order=order, bank=bank, holder=holder, expires_at=attempt.expires_at)

    outcome = first_that_hears(attempt=attempt, secret=secret, gateways=gateways, ask=ask)
    if isinstance(outcome, Succeeded):
        account_issued(secret=secret, channel=Channel.VIRTUAL_ACCOUNT, account=outcome.value, at=at)
    else:
        not_begun(secret=secret, outcome=outcome)
    return Started(secret)


def last_moment(*, wish: Wish, at: datetime) -> datetime:
    """The end of the last day, at most seven ahead, on which the bills still owe what they owe today."""
    today = local_date(at)
    owed_today = _owed(wish, today)
    if owed_today == 0 and not selectors.payable(bill_ids=wish.bill_ids, on=today):
        raise BillNotToBePaid
    last = today
    for days in range(1, MOST_DAYS + 1):
        day = today + timedelta(days=days)
        if _owed(wish, day) != owed_today:
            break
        last = day
    return datetime.combine(last, time(23, 59, 59), ZoneInfo(settings.TIME_ZONE))


def _owed(wish: Wish, on: date) -> int:
    return sum(bill.owed for bill in selectors.payable(bill_ids=wish.bill_ids, on=on))
