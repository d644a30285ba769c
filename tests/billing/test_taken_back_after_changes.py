"""Money is taken back of a bill that was reduced, cancelled, replaced, written off or credited: the books agree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from billing import services
from billing.models import Bill, BillAdjustment, BillCredit, BillReplacement
from core.clock import local_date
from ledger.services import Posting, Purpose, post_entry

from .conftest import Officers, csv_of
from .life import act, balance, books_agree, pay_and_post, total, twins_agree
from .test_money_taken_back import held, take_back
from .test_payments_on_bills import day


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    """A bill of 200,000 and 60,000 won, due on 30 June 2026."""
    issued(csv_of({}))
    return Bill.objects.get()


def to_pay_back() -> int:
    return -balance("refund_payable")


def take_and_post(bill_id: int, reference: str, amount: int, mark: str = "reversal:1/1") -> None:
    """As payments_take_from does it."""
    with transaction.atomic():
        answer = take_back(bill_id, reference, amount, mark)
        sides = [Posting(one["body"], one["tax"], Purpose(one["purpose"]), one["amount"]) for one in answer["postings"]]
        sides.append(Posting(answer["body"], answer["tax"], Purpose.CLEARING, -amount))
        at = day("2026-07-02")
        post_entry(kind="reversed", reference=mark, business_date=local_date(at), occurred_at=at, postings=sides)


def test_of_a_cancelled_bill_nothing_is_to_be_paid_back_any_more(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 100_000, "2026-06-20")
    services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="scrapped", at=day("2026-07-01"))
    take_and_post(bill.pk, "PAY-1", 100_000)
    assert (to_pay_back(), balance("receivable"), balance("clearing")) == (0, 0, 0)
    assert books_agree()


def test_of_a_reduced_bill_the_reduced_sum_is_owed_again_and_nothing_is_to_be_paid_back(
    bill: Bill, officers: Officers
) -> None:
    pay_and_post(bill.pk, 260_000, "2026-06-20")
    car = bill.lines.get(position=1).pk
    services.reduce_bill(bill_id=bill.pk, lines={car: 100_000}, **act(officers.uploader, "2026-06-25"))
    assert to_pay_back() == 100_000
    take_and_post(bill.pk, "PAY-1", 260_000)
    assert (total(bill.pk, "2026-06-30"), to_pay_back()) == (160_000, 0)
    assert books_agree()
    pay_and_post(bill.pk, 160_000, "2026-06-30", "PAY-2")
    assert (total(bill.pk, "2026-07-01"), balance("receivable"), to_pay_back()) == (0, 0, 0)
    assert books_agree()


def test_what_was_given_back_stays_where_other_money_takes_its_place(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 260_000, "2026-06-20")
    pay_and_post(bill.pk, 260_000, "2026-06-21", "PAY-2")
    car = bill.lines.get(position=1).pk
    services.reduce_bill(bill_id=bill.pk, lines={car: 100_000}, **act(officers.uploader, "2026-06-25"))
    take_and_post(bill.pk, "PAY-1", 260_000)
    assert held(bill.pk, "PAY-2") == (260_000, 0)
    assert (total(bill.pk, "2026-06-30"), to_pay_back()) == (0, 100_000)
    assert books_agree()


def test_a_bill_reduced_twice_loses_what_was_given_back_last_and_can_still_be_cancelled(
    bill: Bill, officers: Officers
) -> None:
    pay_and_post(bill.pk, 260_000, "2026-06-20")
    car = bill.lines.get(position=1).pk
    for won, on in ((40_000, "2026-06-22"), (30_000, "2026-06-24")):
        services.reduce_bill(bill_id=bill.pk, lines={car: won}, **act(officers.uploader, on))
    take_and_post(bill.pk, "PAY-1", 50_000)
    back = [row.returned for row in BillAdjustment.objects.filter(line=car).order_by("pk")]
    assert back == [40_000, 30_000, -30_000, -20_000]
    assert (total(bill.pk, "2026-06-30"), to_pay_back()) == (0, 20_000)
    assert books_agree()
    take_and_post(bill.pk, "PAY-1", 60_000, "reversal:2/1")  # 40,000 more than what was given back
    assert (total(bill.pk, "2026-06-30"), to_pay_back()) == (40_000, 0)
    assert books_agree()
    services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="scrapped", at=day("2026-07-03"))
    assert (balance("receivable"), to_pay_back()) == (0, 150_000)
    assert books_agree()


def test_surcharge_that_was_given_back_is_undone_with_the_money_that_paid_it(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, total(bill.pk, "2026-07-01"), "2026-07-01")  # 260,000 and 3 percent
    lines = {line.pk: line.amount // 2 for line in bill.lines.all()}
    services.reduce_bill(bill_id=bill.pk, lines=lines, **act(officers.uploader, "2026-07-01"))
    assert to_pay_back() == 130_000 + 3_900
    take_and_post(bill.pk, "PAY-1", 267_800)
    assert (total(bill.pk, "2026-07-02"), to_pay_back()) == (133_900, 0)
    assert (balance("revenue"), balance("receivable")) == (-130_000, 130_000)
    assert books_agree()


def test_no_program_undoes_more_than_was_given_back(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 260_000, "2026-06-20")
    car = bill.lines.get(position=1)
    services.reduce_bill(bill_id=bill.pk, lines={car.pk: 40_000}, **act(officers.uploader, "2026-06-22"))
    change = BillAdjustment.objects.get(line=car).change
    with pytest.raises(IntegrityError, match="more than was given back"), transaction.atomic():
        BillAdjustment.objects.create(
            bill=bill, line=car, change=change, credit=False, amount=0, returned=-40_001, surcharge_returned=0
        )


def test_of_a_written_off_claim_nothing_comes_back_until_it_is_taken_up(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 60_000, "2026-06-20")
    services.write_off_bill(bill_id=bill.pk, **act(officers.uploader, "2026-09-01"))
    take_and_post(bill.pk, "PAY-1", 60_000)
    assert balance("receivable") == 0
    assert books_agree()
    services.revive_bill(bill_id=bill.pk, **act(officers.uploader, "2026-10-01"))
    assert balance("receivable") == 260_000
    assert books_agree()


def test_of_a_replaced_bill_the_one_in_its_place_owes_it(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 100_000, "2026-06-20")
    take_and_post(bill.pk, "PAY-1", 30_000)
    asked = services.reissue_bill(bill_id=bill.pk, **act(officers.uploader, "2026-06-25"))
    services.carry_out(change_id=asked.change_id, at=day("2026-06-25"))
    new = BillReplacement.objects.get(old=bill).new
    assert total(new.pk, "2026-07-09") == 190_000
    assert books_agree()
    take_and_post(bill.pk, "PAY-1", 70_000, "reversal:2/1")
    assert held(bill.pk, "PAY-1") == (0, 0)
    assert total(new.pk, "2026-07-09") == 260_000
    assert books_agree()


def test_a_credit_for_paying_in_time_goes_with_the_money_and_comes_again_with_other_money(bill: Bill) -> None:
    BillCredit.objects.create(
        bill=bill, line=bill.lines.get(position=1), kinds=["electronic"], amount=1_000, article="x"
    )
    pay_and_post(bill.pk, 259_000, "2026-06-20")
    assert (balance("receivable"), total(bill.pk, "2026-12-01")) == (0, 0)
    take_and_post(bill.pk, "PAY-1", 259_000)
    assert (balance("receivable"), total(bill.pk, "2026-06-30")) == (260_000, 259_000)
    assert books_agree()
    pay_and_post(bill.pk, 259_000, "2026-06-30", "PAY-2")
    assert (balance("receivable"), total(bill.pk, "2026-12-01")) == (0, 0)
    assert books_agree()


def test_lateness_in_the_database_and_in_python_is_the_same_after_it(bill: Bill) -> None:
    pay_and_post(bill.pk, 100_000, "2026-06-20")
    pay_and_post(bill.pk, 50_000, "2026-08-20", "PAY-2")
    take_and_post(bill.pk, "PAY-1", 60_000)
    twins_agree(bill.pk, *(day(text).date() for text in ("2026-06-30", "2026-07-01", "2026-09-01", "2027-03-01")))
    assert books_agree()
