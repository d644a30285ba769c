"""Refunds that nobody claims: owners told again before the end, small ones set off without asking, and the end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Q

from billing import selectors as bills
from billing.selectors.city import dated_tables
from core import clock
from core.states import move
from refunds.models import Leg, Notice, Refund
from refunds.services.contacts import write_to
from refunds.services.notice import state_notice
from refunds.services.one_by_one import one_by_one
from refunds.services.record import record
from refunds.services.standing import NOBODY
from refunds.states import TRANSITIONS, UNDECIDED, LegStatus, Status, Way

AT_ONCE: Final = 500
LIMITATION: Final = "지방세기본법 제64조"


def tell_before_it_ends(*, at: datetime) -> int:
    """Worker: tell the owners of what is not paid out so many days before the claim is prescribed; how many were told.

    Also who has a decision and named no account. One letter a night, however late it was found.
    """
    today, told = clock.local_date(at), 0
    no_account = Leg.objects.filter(status__in=(LegStatus.WAITING, LegStatus.RETURNED), again=None).values("refund")
    waits = Q(status__in=UNDECIDED) | Q(status__in=(Status.PAYING, Status.RETURNED), pk__in=no_account)
    for days in sorted(dated_tables().at("refund_desk", today).body["notice_days"]):
        last = today + timedelta(days=days)
        due = Refund.objects.filter(waits, expires_on__lte=last, expires_on__gte=today, taxpayer__isnull=False)
        due = due.exclude(notices__days__lte=days).order_by("pk")
        told += one_by_one(list(due.values_list("pk", flat=True)[:AT_ONCE]), partial(_tell, days), at=at)
    return told


def _tell(days: int, refund_id: int, at: datetime) -> bool:
    """Written down first: somebody who is told twice is less harmed than a round that never ends over one address."""
    refund = Refund.objects.get(pk=refund_id)
    with transaction.atomic():
        _, new = Notice.objects.get_or_create(refund=refund, days=days, defaults={"written_at": at})
        if new:
            state_notice(refund_id=refund.pk, occasion=f"before-{days}", at=at)
    if new and refund.taxpayer_id is not None:
        context = {"amount": refund.available + refund.interest, "expires_on": refund.expires_on}
        write_to(taxpayer_id=refund.taxpayer_id, mail="limitation", context=context, language="ko")
    return new


def end_prescribed(*, at: datetime) -> int:
    """Worker: undecided refunds whose five years are over lapse (article 64); how many."""
    today = clock.local_date(at)
    over = Refund.objects.filter(status__in=UNDECIDED, expires_on__lt=today).order_by("pk")
    return one_by_one(list(over.values_list("pk", flat=True)[:AT_ONCE]), _end, at=at)


def _end(refund_id: int, at: datetime) -> bool:
    with transaction.atomic():
        refund = Refund.objects.select_for_update().get(pk=refund_id)
        if refund.status not in UNDECIDED:
            return False
        move(Refund, refund_id, transitions=TRANSITIONS, old=refund.status, new=Status.LAPSED, **NOBODY)
        record(refund_id, Status.LAPSED, at=at, reason=LIMITATION)
    return True


def choose_small(*, at: datetime) -> int:
    """Worker: a small sum that nobody asked for in months shall pay a bill that its owner owes (article 60).

    It is chosen here, and two officers decide about it as about any. How many.
    """
    today = clock.local_date(at)
    rule = dated_tables().at("refund_small", today).body
    since = _months_before(today, rule["months"])
    small = Refund.objects.filter(
        status=Status.OPENED, way="", taxpayer__isnull=False, amount__lte=rule["at_most"], opened_at__date__lte=since
    )
    return one_by_one(list(small.order_by("pk").values_list("pk", flat=True)), _choose, at=at)


def _choose(refund_id: int, at: datetime) -> bool:
    refund = Refund.objects.get(pk=refund_id)
    bill_id = bills.next_bill(taxpayer_id=refund.taxpayer_id or 0, body=refund.body_id)
    rows = Refund.objects.filter(pk=refund_id, status=Status.OPENED, way="")
    return bill_id is not None and bool(rows.update(way=Way.SET_OFF, to_bill_id=bill_id, figures_on=None))


def _months_before(day: date, months: int) -> date:
    """
    >>> _months_before(date(2026, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    for last in range(day.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError(day)
