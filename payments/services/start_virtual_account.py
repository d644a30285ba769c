from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.errors import Refusal
from payments import selectors
from payments.gateways import registry
from payments.gateways.base import Declined, Order, Succeeded, Unknown
from payments.rules.asking import FIRST
from payments.services.begin import BillNotToBePaid, ChannelClosed, Wish, begin, link_secret
from payments.services.order_title import order_title
from payments.services.start_card import Started
from payments.services.steps import account_issued, refused_at_once
from payments.states import Channel, Status

MOST_DAYS: Final = 7


class NoSuchBank(Refusal):
    message = _("This bank gives no virtual accounts. Choose another one.")


def start_virtual_account(*, wish: Wish, bank: str, at: datetime) -> Started:
    """Have a virtual account (가상계좌) issued for exactly what is owed.

    It closes before the sum grows: on the last of at most seven days on which the bills owe the same.
    """
    if not registry.is_open(Channel.VIRTUAL_ACCOUNT):
        raise ChannelClosed
    gateway = registry.gateway_for(Channel.VIRTUAL_ACCOUNT)
    if bank not in gateway.banks:
        raise NoSuchBank
    attempt = begin(
        wish=wish,
        channel=Channel.VIRTUAL_ACCOUNT,
        gateway=gateway.name,
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
    chosen = registry.gateway(attempt.gateway)
    outcome = chosen.issue_account(order=order, bank=bank, holder=holder, expires_at=attempt.expires_at)
    if isinstance(outcome, Unknown):  # asked once more with the same key: it issues no second account
        outcome = chosen.issue_account(order=order, bank=bank, holder=holder, expires_at=attempt.expires_at)
    if isinstance(outcome, Succeeded):
        account_issued(secret=secret, channel=Channel.VIRTUAL_ACCOUNT, account=outcome.value, at=at)
    elif isinstance(outcome, Declined):
        refused_at_once(secret=secret, declined=outcome)
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
