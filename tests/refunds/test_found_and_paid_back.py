"""What is paid too much is found by itself, once; decided by two officers; and leaves once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from billing.models import Bill, BillReplacement
from billing.selectors import owed
from billing.services import cancel_bill, carry_out, reissue_bill
from core import clock
from payments.models import Payment
from refunds.models import Leg, Loss, Refund, SetOff
from refunds.services import EarlierFirst, NotYoursToDecide, StaleRefund, look_at_all, look_at_bill
from refunds.services.figure import compute
from refunds.states import Cause, LegStatus, Origin, Status, Way
from tests.payments.cast import a_bill, balances
from tests.refunds.cast import Deliver, Office, days_ago, pays, takes_back


def test_a_bill_paid_twice_is_found_once_whatever_is_looked_at(db: None, deliver: Deliver) -> None:
    bill = a_bill()
    pays(bill, 52_000)
    second = pays(bill, 52_000)
    deliver()
    look_at_bill(bill_id=bill.id, at=clock.now())
    look_at_all(at=clock.now())
    refund = Refund.objects.get()
    assert (refund.amount, refund.cause, refund.payment_id) == (52_000, Cause.PAID_TWICE, second)
    assert (refund.status, refund.taxpayer_id) == (Status.OPENED, bill.taxpayer_id)
    assert refund.plan == {"set_offs": [], "principal_left": 52_000, "interest_left": 0}


def test_arrears_are_paid_as_of_the_day_on_which_the_corrected_tax_was_paid(office: Office) -> None:
    bill = a_bill()
    pays(bill, 52_000, on=days_ago(60))
    late = a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)  # owes 13,390 by now
    office.reduces(bill, 30_000)
    office.deliver()
    refund = Refund.objects.get()
    (taken,) = refund.plan["set_offs"]
    assert (taken["bill_id"], taken["principal"], taken["as_of"]) == (late.id, 13_000, days_ago(40).isoformat())
    assert refund.arose_on == clock.local_date(clock.now())  # from which five years run
    office.pays_back(refund)
    assert owed(bill_ids=[late.id], at=clock.now())[late.id].total == 0
    call_command("ledger_check")


def test_arrears_are_paid_with_the_refund_that_is_prescribed_first(office: Office) -> None:
    bill = a_bill()
    pays(bill, 60_000, on=days_ago(60))
    office.deliver()
    other = a_bill(of=bill)
    pays(other, 70_000, on=days_ago(50))
    office.deliver()
    a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)
    first, second = Refund.objects.order_by("pk")
    assert first.expires_on < second.expires_on
    for refund in (first, second):
        office.assesses(refund)
    with pytest.raises(EarlierFirst):
        office.decides(second)
    assert office.decides(first) == "approved"
    office.deliver()
    compute(refund_id=second.pk, at=clock.now())
    assert office.decides(second) == "approved"
    office.deliver()
    assert {one.refund_id: one.principal for one in SetOff.objects.all()} == {first.pk: 8_000, second.pk: 4_990}
    call_command("ledger_check")


def test_relief_pays_arrears_as_of_its_decision(office: Office) -> None:
    bill = a_bill()
    pays(bill, 52_000, on=days_ago(60))
    late = a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)
    office.reduces(bill, 30_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get(), cause=Cause.REDUCED, event_on=days_ago(5))
    (taken,) = refund.plan["set_offs"]
    assert (taken["bill_id"], taken["principal"], taken["as_of"]) == (late.id, 13_390, days_ago(5).isoformat())


def test_what_is_taken_back_again_is_no_longer_owed(db: None, deliver: Deliver) -> None:
    bill = a_bill()
    first = pays(bill, 52_000)
    pays(bill, 52_000)
    deliver()
    takes_back(first, 52_000)  # the second payment now pays the bill
    deliver()
    refund = Refund.objects.get()
    assert (refund.available, refund.status) == (0, Status.LAPSED)
    assert Loss.objects.get().claimed_back == 0


def test_what_a_reduction_gave_back_goes_with_the_money_that_paid_it_and_is_not_asked_for_twice(office: Office) -> None:
    bill, other = a_bill(), a_bill()
    for one in (bill, other):
        paid = pays(one, 52_000)
        office.reduces(one, 5_000)
        office.deliver()
        refund = Refund.objects.get(bill_id=one.id)
        assert (refund.origin, refund.amount) == (Origin.PAYABLE, 5_000)
        if one is other:  # it leaves before the money is gone
            office.pays_back(refund, way=Way.DONATION)
        takes_back(paid, 52_000)
        office.deliver()
        assert Bill.objects.get(pk=one.id).status == "issued"
        assert owed(bill_ids=[one.id], at=clock.now())[one.id].total == 47_000
    assert [loss.claimed_back for loss in Loss.objects.order_by("pk")] == [0, 5_000]
    assert balances()["refund_payable"] == 5_000  # what the second has to give back
    for one in (bill, other):
        cancel_bill(bill_id=one.id, cancelled_by_id=office.clerk.id, reason="x", at=clock.now())
    call_command("ledger_check")


def test_a_bill_in_anothers_place_gives_nothing_back_a_second_time(office: Office) -> None:
    bill = a_bill()
    paid = pays(bill, 45_000)
    office.reduces(bill, 5_000)
    office.deliver()
    refund = Refund.objects.get()
    asked = reissue_bill(bill_id=bill.id, reason="x", asked_by_id=office.clerk.id, at=clock.now())
    carry_out(change_id=asked.change_id, at=clock.now())
    new = BillReplacement.objects.get(old_id=bill.id).new_id
    for one in (new, bill.id):
        look_at_bill(bill_id=one, at=clock.now())
    assert Refund.objects.get().pk == refund.pk
    takes_back(paid, 45_000)
    office.deliver()
    assert look_at_all(at=clock.now())
    refund.refresh_from_db()
    assert (refund.status, refund.available) == (Status.LAPSED, 0)
    assert Refund.objects.count() == 1
    assert owed(bill_ids=[new], at=clock.now())[new].total == 47_000
    call_command("ledger_check")


def test_two_officers_pay_back_arrears_first_and_the_books_agree(office: Office) -> None:
    bill = a_bill()
    late = a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)
    pays(bill, 52_000)
    pays(bill, 52_000, on=days_ago(3))
    office.deliver()
    refund = office.pays_back(Refund.objects.get())
    taken = SetOff.objects.get()
    assert (taken.bill_id, taken.by_law, taken.effective_on) == (late.id, True, days_ago(3))
    assert taken.principal == 13_000 + 300 + 90  # with the surcharge of 3 %
    assert Payment.objects.get(gateway="set_off").applied == taken.principal
    leg = Leg.objects.get()
    assert (leg.status, leg.principal) == (LegStatus.WAITING, 52_000 - taken.principal)
    assert refund.status == Status.PAYING
    assert balances()["refund_payable"] == -leg.amount
    call_command("ledger_check")


def test_nobody_approves_what_they_assessed_or_what_has_changed(office: Office) -> None:
    bill = a_bill()
    first = pays(bill, 60_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get())
    with pytest.raises(NotYoursToDecide):
        office.decides(refund, by=office.clerk)
    with pytest.raises(StaleRefund):
        office.decides(refund, believed=7_999)
    takes_back(first, 3_000)
    office.deliver()
    refund.refresh_from_db()
    assert (refund.status, refund.available) == (Status.OPENED, 5_000)
    with pytest.raises(NotYoursToDecide):
        office.decides(refund)


def test_a_large_refund_wants_a_third_officer(office: Office) -> None:
    bill = a_bill(tax=20_000_000)
    pays(bill, 20_012_000)
    pays(bill, 20_012_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get())
    assert office.decides(refund) == "third"
    with pytest.raises(NotYoursToDecide):
        office.decides(refund)
    assert office.decides(refund, by=office.third) == "approved"
    office.deliver()
    refund.refresh_from_db()
    assert refund.status == Status.PAYING


def test_a_rejected_refund_says_why(office: Office) -> None:
    bill = a_bill()
    pays(bill, 60_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get())
    assert office.decides(refund, verdict="reject") == "rejected"
    refund.refresh_from_db()
    assert (refund.status, refund.note) == (Status.REJECTED, "not so")
    assert balances()["overpayment"] == -8_000


def test_sums_of_yesterday_are_not_approved_today(office: Office) -> None:
    bill = a_bill()
    pays(bill, 60_000)
    office.deliver()
    refund = office.assesses(Refund.objects.get(), way=Way.DONATION)
    Refund.objects.update(figures_on=clock.local_date(clock.now()) - timedelta(days=1))
    with pytest.raises(StaleRefund):
        office.decides(refund)


def test_what_is_given_to_the_city_is_its_revenue(office: Office) -> None:
    bill = a_bill()
    pays(bill, 60_000)
    office.deliver()
    refund = office.pays_back(Refund.objects.get(), way=Way.DONATION)
    assert refund.status == Status.PAID
    assert balances() == {"clearing": 60_000, "revenue": -60_000}
    call_command("ledger_check")
