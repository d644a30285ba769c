"""What the treasurer sees at the end of a day: it is green, or what is missing and what differs is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from core import clock
from ledger.models import JournalEntry
from payments.models import Difference
from payments.reconcile.business_day import business_days
from payments.reconcile.compare import DayNotOver, NoBusinessDay, reconcile
from payments.suspended import in_suspense
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.cast import a_bill, balances
from tests.payments.days import (
    GATEWAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    bank_states,
    close,
    gateway_tells,
    give_back,
    on,
    open_differences,
    sale,
    settled,
)
from tests.payments.deposits import an_account, number_of, take

pytestmark = pytest.mark.usefixtures("db")


def test_a_day_is_green_when_gateway_bank_and_books_agree() -> None:
    paid = sale(52_000, at=on(MONDAY))
    gateway_tells(settled(paid.movement_id, 52_000, sold=MONDAY, fee=400))
    assert close(MONDAY).green
    bank_states(WEDNESDAY, Told(51_560, ref="OUT-1", at=on(WEDNESDAY), text="sandbox"))
    assert close(WEDNESDAY).green
    assert balances() == {"fee": 440, "treasury": 51_560, "revenue": -52_000}
    call_command("ledger_check")


def test_a_day_compared_again_is_as_it_was() -> None:
    paid = sale(at=on(MONDAY))
    sale(9_100, at=on(MONDAY))
    gateway_tells(settled(paid.movement_id, paid.amount, sold=MONDAY, fee=400, paid_out_on=MONDAY))
    bank_states(MONDAY, Told(paid.amount - 440, ref="OUT-1", at=on(MONDAY)))
    close(MONDAY)
    before = (balances(), list(Difference.objects.values()), JournalEntry.objects.count())
    close(MONDAY)
    assert (balances(), list(Difference.objects.values()), JournalEntry.objects.count()) == before


def test_a_sale_that_the_gateway_does_not_settle_is_named_until_it_does() -> None:
    paid = sale(52_000, at=on(MONDAY))
    assert not close(MONDAY).green
    assert open_differences() == [("not_settled", paid.movement_id, 52_000, 0)]
    gateway_tells(settled(paid.movement_id, 52_000, sold=MONDAY))
    assert close(MONDAY).green
    difference = Difference.objects.get()
    assert difference.status == "closed"
    assert difference.ended_at is not None


def test_what_the_gateway_settles_and_we_do_not_know_is_named() -> None:
    gateway_tells(settled("txn_unknown", 30_000, sold=MONDAY), settled("txn_back", -5_000, sold=MONDAY))
    close(MONDAY)
    assert open_differences() == [("not_posted", "txn_back", 0, -5_000), ("not_posted", "txn_unknown", 0, 30_000)]


def test_another_amount_at_the_gateway_is_named_with_both() -> None:
    paid = sale(52_000, at=on(MONDAY))
    gateway_tells(settled(paid.movement_id, 25_000, sold=MONDAY))
    close(MONDAY)
    assert open_differences() == [("amount", paid.movement_id, 52_000, 25_000)]


def test_money_given_back_is_settled_below_zero() -> None:
    paid = sale(52_000, at=on(MONDAY))
    back = give_back(paid, at=on(MONDAY, 12))
    gateway_tells(settled(paid.movement_id, 52_000, sold=MONDAY), settled(back, -52_000, sold=MONDAY))
    assert close(MONDAY).green
    assert close(WEDNESDAY).green, "nothing is due, so nothing is missing at the bank"


def test_what_is_not_on_the_account_is_named_until_it_is() -> None:
    paid = sale(52_000, at=on(MONDAY))
    gateway_tells(settled(paid.movement_id, 52_000, sold=MONDAY))
    close(WEDNESDAY)
    assert open_differences() == [("not_paid_out", str(WEDNESDAY), 52_000, 0)]
    late = WEDNESDAY + timedelta(days=1)
    bank_states(late, Told(52_000, ref="OUT-1", at=on(late)))
    assert close(WEDNESDAY).green
    assert close(late).green
    assert "suspense" not in balances()
    assert not in_suspense().exists(), "it is no taxpayer's, so nobody at the desk can assign it"


def test_a_late_line_after_the_money_came_is_named_with_both_sums() -> None:
    first, second = sale(52_000, at=on(MONDAY)), sale(9_100, at=on(MONDAY))
    gateway_tells(settled(first.movement_id, 52_000, sold=MONDAY))
    bank_states(WEDNESDAY, Told(52_000, ref="OUT-1", at=on(WEDNESDAY)))
    assert close(WEDNESDAY).green
    gateway_tells(settled(second.movement_id, 9_100, sold=MONDAY))
    close(WEDNESDAY)
    assert open_differences() == [("payout_amount", str(WEDNESDAY), 61_100, 52_000)]


def test_a_sale_after_the_cut_off_belongs_to_the_next_business_day() -> None:
    late, friday = sale(at=on(MONDAY, 22)), MONDAY - timedelta(days=3)
    weekend = sale(at=on(MONDAY - timedelta(days=2)))
    assert close(friday).green
    close(MONDAY)
    assert [row[1] for row in open_differences(MONDAY)] == [weekend.movement_id]
    close(TUESDAY)
    assert [row[1] for row in open_differences(TUESDAY)] == [late.movement_id]
    assert business_days(on=MONDAY).of(late.approved_at) == TUESDAY
    assert clock.local_date(late.approved_at) == MONDAY, "the tax counts as paid on the day of the approval"


def test_two_equal_transfers_of_one_day_must_both_be_on_the_statement() -> None:
    bills = [a_bill(), a_bill()]
    told = [Told(bill.amount, to=number_of(an_account(bill, issued_at=on(MONDAY, 9))), at=on(MONDAY)) for bill in bills]
    take(notice(*(entry(one) for one in told)), at=on(MONDAY, 23))
    close(MONDAY)
    assert open_differences() == [("no_statement", str(MONDAY), 104_000, 0)]
    bank_states(MONDAY, told[0])
    close(MONDAY)
    assert [(row[0], row[2], row[3]) for row in open_differences()] == [("not_in_statement", 52_000, 0)]
    bank_states(MONDAY, told[1])
    assert close(MONDAY).green
    assert balances() == {"treasury": 104_000, "revenue": -104_000}


def test_money_that_left_the_account_unexplained_is_named() -> None:
    bank_states(MONDAY, Told(70_000, ref="W-1", at=on(MONDAY), out=True))
    close(MONDAY)
    assert open_differences() == [("money_out", "-W-1", 0, -70_000)]


def test_what_a_machine_took_is_awaited_at_the_bank_in_one_sum() -> None:
    for amount in (13_000, 26_000):
        sale(amount, at=on(MONDAY), gateway="atm:088")
    close(MONDAY)
    assert open_differences() == [("not_paid_out", str(MONDAY), 39_000, 0)]
    bank_states(TUESDAY, Told(39_000, ref="ATM", at=on(TUESDAY)))
    assert close(MONDAY).green


def test_a_statement_told_twice_counts_once() -> None:
    for name in ("first", "second"):
        bank_states(MONDAY, Told(10_000, ref="D-1", at=on(MONDAY)), name=name)
    close(MONDAY)
    assert balances()["treasury"] == 10_000


def test_a_day_that_is_not_over_or_no_business_day_is_refused() -> None:
    with pytest.raises(DayNotOver):
        reconcile(day=business_days(on=MONDAY).next(clock.local_date(clock.now())), at=clock.now())
    with pytest.raises(NoBusinessDay):
        reconcile(day=MONDAY - timedelta(days=1), at=clock.now())


def test_a_gateway_that_lists_nothing_is_compared_as_one_sum() -> None:
    sale(52_000, at=on(MONDAY))
    close(MONDAY, settling=())
    assert open_differences() == [("not_paid_out", str(MONDAY), 52_000, 0)]
    assert Difference.objects.get().gateway == GATEWAY
