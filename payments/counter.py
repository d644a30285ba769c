"""Reads for the city's counters: bills to be paid, a drawer and what is in it, what was taken, cheques that bounced."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from accounts.selectors.taxpayers import find_taxpayers, taxpayer_facts
from billing import selectors as bills
from billing.rules.giro import UnreadableBand, read_band
from payments.models import Bounce, CounterPayment, Drawer
from payments.states import DeskStatus, DrawerStatus, Means
from receipts.selectors import DocumentEntry, document_for

MOST: Final = 50


@dataclass(frozen=True)
class DeskBill:
    """A bill on the desk, with its payer's name."""

    bill: bills.BillSummary
    payer: str


@dataclass(frozen=True)
class InDrawer:
    """What should be in a drawer, and what was taken into it by cash and cheque; minor units."""

    cash: int
    cheques: int
    taken_cash: int
    payments: int

    @property
    def together(self) -> int:
        return self.cash + self.cheques


def find_bills(*, text: str, at: datetime) -> list[DeskBill]:
    """Unpaid bills in force by a number on them, the line at the paper's foot, or the payer's name; at most 100."""
    key = text.strip()
    with suppress(UnreadableBand):
        key = read_band(key).epay_number
    found = bills.search_bills(text=key, at=at)
    if not found:
        found = bills.bills_of(taxpayer_ids=[one.id for one in find_taxpayers(key)], at=at)
    return named([bill for bill in found if bill.owed.in_force and bill.owed.total])


def named(found: Sequence[bills.BillSummary]) -> list[DeskBill]:
    names = taxpayer_facts([bill.taxpayer_id for bill in found])
    return [DeskBill(bill, one.name if (one := names.get(bill.taxpayer_id)) else "") for bill in found]


def on_the_desk(*, bill_ids: Sequence[int], at: datetime) -> list[DeskBill]:
    """Those of these bills that the officer sees, in the order asked for."""
    found = bills.bills_by_id(bill_ids=bill_ids, at=at)
    return named([found[bill_id] for bill_id in bill_ids if bill_id in found])


def my_drawer(*, officer_id: int) -> Drawer | None:
    """The cashier's drawer that is not closed yet."""
    return Drawer.objects.filter(cashier_id=officer_id).exclude(status=DrawerStatus.CLOSED).first()


def drawers() -> QuerySet[Drawer]:
    """Those that the officer sees: what waits for a second officer first, then the youngest."""
    waiting = Drawer.objects.select_related("body")
    return waiting.order_by("-status", "-opened_at")


def drawer(drawer_id: int) -> Drawer | None:
    return Drawer.objects.select_related("body").filter(pk=drawer_id).first()


def in_drawer(one: Drawer) -> InDrawer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cash, cheques FROM payments_drawer_should(%s)", [one.pk])
        cash, cheques = cursor.fetchone()
    return InDrawer(int(cash), int(cheques), int(cash) - one.opening, taken_into(one).count())


def taken_into(one: Drawer) -> QuerySet[CounterPayment]:
    return CounterPayment.objects.filter(drawer=one).select_related("payment").order_by("-pk")


def taken(payment_id: int) -> CounterPayment | None:
    """What was taken at a counter that the officer sees."""
    rows = CounterPayment.objects.select_related("payment__attempt", "drawer__body")
    return rows.filter(payment_id=payment_id).first()


def receipts_of(one: CounterPayment) -> list[tuple[int, DocumentEntry | None]]:
    """Each bill that it paid with its receipt; None while that is not asked for."""
    attempt = one.payment.attempt
    label = f"{one.payment.gateway}:{one.payment.movement_id}"
    items = attempt.items.order_by("pk").values_list("bill_id", flat=True) if attempt else []
    return [(bill_id, document_for(kind="payment", reference=f"{label}/{bill_id}")) for bill_id in items]


def bounces(*, waiting: bool) -> list[Bounce]:
    """Cheques that wait for a second officer, oldest first, or those decided about, newest first; at most 50."""
    rows = Bounce.objects.select_related("taken__payment", "taken__drawer__body")
    if waiting:
        return list(rows.filter(status=DeskStatus.ASKED).order_by("asked_at")[:MOST])
    return list(rows.exclude(status=DeskStatus.ASKED).order_by("-decided_at")[:MOST])


def bounce_of(one: CounterPayment) -> Bounce | None:
    """What was told of this cheque and not rejected."""
    if one.means != Means.CHEQUE:
        return None
    return one.bounces.exclude(status=DeskStatus.REJECTED).first()
