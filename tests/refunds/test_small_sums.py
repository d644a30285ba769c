"""A small sum that two officers decided to pay and nobody took for half a year pays a bill of its owner's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from billing.selectors import owed_on
from core import clock
from receipts.models import Document
from refunds.models import Leg, Refund, SetOff
from refunds.services.payee import fill_waiting
from refunds.services.small import set_off_small
from refunds.states import LegStatus, Status
from tests.payments.cast import BillFacts, a_bill
from tests.refunds.cast import Office, an_account, days_ago, pays


def waits(office: Office, bill: BillFacts, won: int, *, days: int = 190) -> Refund:
    """So much too much was paid; officers decided so many days ago that it goes back; nobody named an account."""
    pays(bill, 52_000 + won, on=days_ago(60))
    office.deliver()
    refund = office.pays_back(Refund.objects.get(bill_id=bill.id))
    Refund.objects.filter(pk=refund.pk).update(approved_at=clock.now() - timedelta(days=days))
    assert Leg.objects.get(refund=refund).status == LegStatus.WAITING
    refund.refresh_from_db()
    return refund


def owes(bill: BillFacts) -> int:
    return owed_on(bill_ids=[bill.id], on=clock.local_date(clock.now()))[bill.id].total


def test_it_pays_the_next_bill_without_more_interest_and_its_owner_gets_a_letter(office: Office) -> None:
    bill = a_bill()
    refund = waits(office, bill, 8_000)
    assert set_off_small(at=clock.now()) == 0  # they have no bill
    coming = a_bill(of=bill)
    assert [set_off_small(at=clock.now()) for _ in range(2)] == [1, 0]
    done = SetOff.objects.get()
    assert (done.bill_id, done.principal, done.interest) == (coming.id, 8_000, refund.interest)
    assert done.effective_on == clock.local_date(clock.now())
    assert owes(coming) == 52_000 - 8_000 - refund.interest
    refund.refresh_from_db()
    assert refund.status == Status.PAID
    assert Document.objects.filter(kind="refund", reference__contains="/small-").count() == 1
    call_command("ledger_check")


def test_what_the_bill_does_not_need_waits_on(office: Office) -> None:
    bill = a_bill()
    refund = waits(office, bill, 30_000)
    coming = a_bill(of=bill, tax=4_000, education=1_000)
    assert [set_off_small(at=clock.now()) for _ in range(2)] == [1, 0]
    assert owes(coming) == 0
    refund.refresh_from_db()
    left = Leg.objects.get(status=LegStatus.WAITING)
    assert (refund.status, left.principal, left.interest) == (Status.PAYING, 25_000, refund.interest)
    an_account(refund, office)
    assert fill_waiting(at=clock.now()) == 1
    call_command("ledger_check")


def test_those_who_have_no_bill_keep_nobody_else_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refunds.services.small.AT_ONCE", 1)
    waits(office, a_bill(), 8_000)
    bill = a_bill()
    waits(office, bill, 7_000)
    a_bill(of=bill)
    assert set_off_small(at=clock.now()) == 1


@pytest.mark.parametrize(("won", "days", "named"), [(8_000, 150, False), (100_001, 190, False), (8_000, 190, True)])
def test_neither_early_nor_a_large_sum_nor_what_has_an_account(
    office: Office, won: int, days: int, named: bool
) -> None:
    bill = a_bill()
    refund = waits(office, bill, won, days=days)
    a_bill(of=bill, tax=300_000)
    if named:
        an_account(refund, office)
        fill_waiting(at=clock.now())
    assert set_off_small(at=clock.now()) == 0
    assert not SetOff.objects.exists()
