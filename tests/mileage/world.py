"""A small world of points: taxpayers, bills that stand as a test says, and the books that must agree."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest
from django.test import override_settings

from accounts.models import Taxpayer
from ledger import checks as books
from mileage.checks import points_agree
from mileage.functions import call
from mileage.models import Holder
from mileage.ports import PaidBill
from mileage.selectors.own import points_of

DUE: Final = date(2026, 6, 30)
NOON: Final = datetime(2026, 6, 20, 3, tzinfo=UTC)
BILLS: dict[int, PaidBill] = {}


def told_bills(*, bill_ids: Sequence[int]) -> list[PaidBill]:
    """The port as this world answers it."""
    return [BILLS[bill] for bill in bill_ids if bill in BILLS]


@contextmanager
def bills_as_told() -> Iterator[None]:
    BILLS.clear()
    with override_settings(PAID_BILLS="tests.mileage.world.told_bills"):
        yield


def a_taxpayer(name: str = "") -> Taxpayer:
    return Taxpayer.objects.create(kind="individual", name=name or f"홍길동{secrets.token_hex(3)}")


def a_bill(taxpayer: Taxpayer, number: int, *, card: int = 100_000, on: date | None = DUE) -> PaidBill:
    """A bill of June, paid by card on a day; None: not paid."""
    ways = {"card": card} if on and card else {}
    bill = PaidBill(
        bill_id=number, taxpayer_id=taxpayer.pk, paid_on=on, due_on=DUE, e_notice=False, autopay=False, by_channel=ways
    )
    BILLS[number] = bill
    return bill


def unpaid(bill: PaidBill) -> PaidBill:
    """Its payment was taken back."""
    BILLS[bill.bill_id] = replace(bill, paid_on=None, by_channel={})
    return BILLS[bill.bill_id]


def give(taxpayer: Taxpayer, points: int, *, until: date = date(2031, 6, 30), at: datetime = NOON) -> None:
    """Points for nothing in particular."""
    label = f"gift:{secrets.token_hex(8)}"
    call("mileage_credit", taxpayer.pk, label, label, points, at.date(), until, "{}", at)


def available(taxpayer: Taxpayer, at: datetime = NOON) -> int:
    return points_of(holder_id=taxpayer.pk, at=at).available


def owed(taxpayer: Taxpayer, at: datetime = NOON) -> int:
    return points_of(holder_id=taxpayer.pk, at=at).owed


def expire(holder_id: int, at: datetime) -> None:
    call("mileage_expire", holder_id, at)


def everything_agrees() -> None:
    assert points_agree() == []
    assert books.entries_balance() == []


def holders() -> int:
    return Holder.objects.count()


@pytest.fixture
def told(db: None) -> Iterator[None]:
    with bills_as_told():
        yield
