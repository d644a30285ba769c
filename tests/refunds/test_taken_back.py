"""Money is taken back by its payer while a refund of it is decided, on its way, gone, or back again."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from core import clock
from payments.models import Transfer
from refunds.models import Leg, Loss, Recovery, Refund
from refunds.services import send_refunds
from refunds.services.standing import claimed_back
from refunds.states import LegStatus, RecoveryWay, Status, Way
from tests.payments.cast import BillFacts, a_bill, balances
from tests.refunds import bank
from tests.refunds.cast import Office, an_account, days_ago, pays, takes_back


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def paid_twice(office: Office, bill: BillFacts) -> tuple[int, Refund]:
    """The first payment, and the refund of the second."""
    first = pays(bill, 52_000, on=days_ago(60))
    pays(bill, 52_000, on=days_ago(59))
    office.deliver()
    return first, Refund.objects.get()


def test_what_waits_for_an_account_leaves_no_more_nor_its_interest(office: Office, bill: BillFacts) -> None:
    first, refund = paid_twice(office, bill)
    office.pays_back(refund)
    assert refund.interest > 0
    takes_back(first, 52_000)
    office.deliver()
    refund.refresh_from_db()
    assert (refund.status, refund.available, refund.interest) == (Status.LAPSED, 0, 0)
    assert Leg.objects.get().status == LegStatus.REFUSED
    assert Loss.objects.get().claimed_back == 0
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
    call_command("ledger_check")


def test_of_a_part_the_interest_of_that_part_is_not_paid(office: Office, bill: BillFacts) -> None:
    first, refund = paid_twice(office, bill)
    office.pays_back(refund)
    interest = refund.interest
    takes_back(first, 13_000)
    office.deliver()
    refund.refresh_from_db()
    leg = Leg.objects.get()
    assert (leg.principal, leg.status) == (39_000, LegStatus.WAITING)
    assert leg.interest == refund.interest == interest - interest // 4
    assert refund.status == Status.PAYING
    call_command("ledger_check")


def test_an_order_that_stands_in_no_file_is_withdrawn_and_the_rest_ordered_anew(
    office: Office, bill: BillFacts
) -> None:
    first, refund = paid_twice(office, bill)
    an_account(refund, office)
    office.pays_back(refund)
    send_refunds(at=clock.now())
    takes_back(first, 13_000)
    office.deliver()
    send_refunds(at=clock.now())
    assert [one.status for one in Transfer.objects.order_by("pk")] == ["withdrawn", "ordered"]
    refund.refresh_from_db()
    assert Transfer.objects.latest("pk").amount == 39_000 + refund.interest
    assert [leg.status for leg in Leg.objects.order_by("pk")] == [LegStatus.REFUSED, LegStatus.SENT]
    assert Loss.objects.get().claimed_back == 0
    call_command("ledger_check")


def test_what_stays_with_the_city_goes_first_and_what_left_last(office: Office, bill: BillFacts) -> None:
    payments = [pays(bill, 52_000, on=days_ago(day)) for day in (9, 8, 7)]
    office.deliver()
    rejected, gone = Refund.objects.order_by("pk")
    office.assesses(rejected)
    office.decides(rejected, verdict="reject")
    office.pays_back(gone, way=Way.DONATION)
    takes_back(payments[0], 52_000)
    office.deliver()
    rejected.refresh_from_db()
    gone.refresh_from_db()
    assert (rejected.available, gone.available) == (0, 52_000)
    assert Loss.objects.get().claimed_back == 0
    call_command("ledger_check")


def test_what_is_claimed_back_and_comes_back_from_the_bank_is_not_paid_again(
    office: Office, bill: BillFacts, database_name: str
) -> None:
    first, refund = paid_twice(office, bill)
    an_account(refund, office)
    office.pays_back(refund)
    send_refunds(at=clock.now())
    bank.gets_the_file(database_name, office.approver.id, office.third.id)
    transfer = Transfer.objects.get()
    bank.shows_that_it_left(transfer)
    office.deliver()
    takes_back(first, 52_000)
    office.deliver()
    refund.refresh_from_db()
    assert (refund.status, claimed_back(refund)) == (Status.PAID, 52_000)
    bank.sends_back(transfer)
    office.deliver()
    refund.refresh_from_db()
    ended = Recovery.objects.get()
    assert (ended.way, ended.amount, claimed_back(refund)) == (RecoveryWay.RETURNED, 52_000, 0)
    assert refund.status == Status.RETURNED  # its interest was for days on which the city held the money
    an_account_of_another_number(refund, office)
    send_refunds(at=clock.now())
    assert [leg.principal for leg in Leg.objects.order_by("pk")] == [52_000, 0]
    call_command("ledger_check")


def an_account_of_another_number(refund: Refund, office: Office) -> None:
    from refunds.models import Payee

    Payee.objects.update(status="replaced")
    an_account(refund, office, "100200300402")


def test_interest_that_came_back_is_paid_beside_a_principal_that_another_way_paid(
    office: Office, bill: BillFacts, database_name: str
) -> None:
    """Two payments out at once; the one that came back is paid again, however young the other is."""
    _, refund = paid_twice(office, bill)
    an_account(refund, office)
    office.pays_back(refund)
    send_refunds(at=clock.now())
    bank.gets_the_file(database_name, office.approver.id, office.third.id)
    bank.rejects(Transfer.objects.get())
    office.deliver()
    refund.refresh_from_db()
    assert refund.status == Status.RETURNED
    send_refunds(at=clock.now())
    assert Leg.objects.count() == 1  # nobody named another account
    an_account_of_another_number(refund, office)
    for _ in range(2):
        send_refunds(at=clock.now())
    legs = list(Leg.objects.order_by("pk"))
    assert [leg.amount for leg in legs] == [52_000 + refund.interest] * 2
    assert legs[1].again_for_id == legs[0].pk
    call_command("ledger_check")
