"""Refunds that nobody claims: owners told again before the end, and the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Q

from billing.selectors.city import dated_tables
from core import clock
from core.one_by_one import one_by_one
from core.states import move
from refunds.models import Leg, Notice, Refund
from refunds.services.contacts import write_to
from refunds.services.notice import state_notice
from refunds.services.record import record
from refunds.services.standing import NOBODY
from refunds.states import TRANSITIONS, UNDECIDED, LegStatus, Status

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
