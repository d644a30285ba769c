"""A bill after it was issued: reduced, cancelled, replaced, written off, prescribed; by one officer or by two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from billing import selectors, services
from billing.models import Bill, BillChange, BillPayment, BillReplacement
from billing.rules.numbers import tax_number_is_valid
from billing.states import BILL_TRANSITIONS, BillStatus
from core.models import AuditRecord
from core.models import Event as Published
from tests.payments.racing import at_once

from .conftest import AT, Officers, csv_of
from .life import act, balance, books_agree, pay_and_post, total
from .test_payments_on_bills import day

SECOND = {"roll_ref": "CAR-2", "vehicle_number": "123가4568"}


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    """A bill of 200,000 and 60,000 won, due on 30 June 2026."""
    issued(csv_of({}))
    return Bill.objects.get()


def lines_of(bill: Bill) -> list[int]:
    return list(bill.lines.order_by("position").values_list("id", flat=True))


def told(topic: str) -> dict[str, int]:
    payload: dict[str, int] = Published.objects.get(topic=topic).payload
    return payload


def test_every_state_has_its_ways_out_and_none_leads_back_from_an_end() -> None:
    assert set(BILL_TRANSITIONS) == set(BillStatus)
    ends = [status for status, ways in BILL_TRANSITIONS.items() if not ways]
    assert ends == [BillStatus.CANCELLED, BillStatus.REISSUED, BillStatus.PRESCRIBED]
    assert not any(BillStatus.DRAFT in ways for ways in BILL_TRANSITIONS.values())


def test_a_reduced_bill_owes_less_and_the_books_follow(bill: Bill, officers: Officers) -> None:
    car, education = lines_of(bill)
    services.reduce_bill(
        bill_id=bill.pk, lines={car: 50_004, education: 15_000}, **act(officers.uploader, "2026-06-15")
    )
    assert total(bill.pk, "2026-06-30") == 149_990 + 45_000
    assert books_agree()
    event = told("billing.reduced.v1")
    assert (event["amount"], event["excess"]) == (65_010, 0)
    record = AuditRecord.objects.get(action="billing.change_decided")
    assert (record.reason, record.taxpayer_id) == ("a reason", bill.taxpayer_id)


def test_what_was_paid_too_much_by_then_is_to_be_paid_back_with_its_surcharge(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 267_800, "2026-07-01")
    car, _ = lines_of(bill)
    services.reduce_bill(bill_id=bill.pk, lines={car: 100_000}, **act(officers.uploader, "2026-07-15"))
    event = told("billing.reduced.v1")
    assert event["excess"] == 100_000 + 3_000
    assert balance("refund_payable") == -103_000
    assert total(bill.pk, "2027-07-01") == 0
    assert books_agree()


def test_a_late_bill_bears_its_surcharge_on_what_is_left(bill: Bill, officers: Officers) -> None:
    car, _ = lines_of(bill)
    services.reduce_bill(bill_id=bill.pk, lines={car: 100_000}, **act(officers.uploader, "2026-07-15"))
    assert total(bill.pk, "2026-07-20") == 160_000 + 3_000 + 1_800


@pytest.mark.parametrize(
    ("off", "refused"),
    [
        ({}, services.NothingToReduce),
        ({0: -5}, services.NothingToReduce),
        ({0: 200_010}, services.ReducedTooMuch),
        ({0: 200_000, 1: 60_000}, services.ReducedToNothing),
        ({99: 10}, services.ReducedTooMuch),
    ],
)
def test_impossible_reductions_are_refused(
    bill: Bill, officers: Officers, off: dict[int, int], refused: type[Exception]
) -> None:
    ids = [*lines_of(bill), *[0] * 100]
    with pytest.raises(refused):
        services.reduce_bill(
            bill_id=bill.pk,
            lines={ids[place]: won for place, won in off.items()},
            **act(officers.uploader, "2026-06-15"),
        )
    assert not BillChange.objects.exists()


def test_a_cancelled_bill_pays_back_all_that_was_paid(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 100_000, "2026-06-20")
    services.cancel_bill(
        bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="scrapped in January", at=day("2026-07-15")
    )
    assert told("billing.cancelled.v1")["excess"] == 100_000
    assert balance("refund_payable") == -100_000
    assert balance("receivable") == 0
    assert books_agree()
    with pytest.raises(services.BillNotInForce):
        services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="again", at=AT)


def test_a_reason_is_always_said(bill: Bill, officers: Officers) -> None:
    with pytest.raises(services.ReasonNeeded):
        services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="  ", at=AT)


def test_a_written_off_claim_leaves_the_books_and_comes_back(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 60_000, "2026-06-20")
    services.write_off_bill(bill_id=bill.pk, **act(officers.uploader, "2026-09-01"))
    assert balance("receivable") == 0
    assert total(bill.pk, "2026-10-01") == 0
    assert books_agree()
    services.revive_bill(bill_id=bill.pk, **act(officers.uploader, "2026-10-01"))
    assert balance("receivable") == 200_000
    assert total(bill.pk, "2026-10-01") > 200_000
    assert books_agree()


def test_a_claim_is_named_after_five_years_and_prescribed_when_an_officer_confirms(
    bill: Bill, officers: Officers
) -> None:
    assert services.name_prescribed(at=day("2031-06-30")) == []
    (change,) = services.name_prescribed(at=day("2031-07-01"))
    assert services.name_prescribed(at=day("2031-07-01")) == []
    services.decide_change(
        change_id=change, decided_by_id=officers.approver, approved=True, because="", at=day("2031-07-02")
    )
    bill.refresh_from_db()
    assert bill.status == "prescribed"
    assert balance("receivable") == 0
    assert books_agree()


def test_a_payment_makes_the_five_years_begin_anew(bill: Bill, officers: Officers) -> None:
    pay_and_post(bill.pk, 1_000, "2028-01-10")
    assert services.name_prescribed(at=day("2031-07-01")) == []
    assert len(services.name_prescribed(at=day("2033-01-11"))) == 1


def test_a_bill_in_place_of_another_has_new_numbers_and_keeps_what_was_paid(
    bill: Bill, officers: Officers, deliver_events: Callable[[], int]
) -> None:
    pay_and_post(bill.pk, 100_000, "2026-06-20")
    asked = services.reissue_bill(bill_id=bill.pk, **act(officers.uploader, "2026-06-25"))
    assert asked.status == "decided"
    services.carry_out(change_id=asked.change_id, at=day("2026-06-25"))
    services.carry_out(change_id=asked.change_id, at=day("2026-06-25"))
    new = BillReplacement.objects.get(old=bill).new
    assert new.due_on == date(2026, 7, 9)
    assert new.tax_number != bill.tax_number
    assert tax_number_is_valid(new.tax_number)
    assert total(bill.pk, "2026-07-09") == 0
    assert total(new.pk, "2026-07-09") == 160_000
    assert total(new.pk, "2026-07-10") == 160_000 + 3_000 + 1_800
    assert books_agree()


def test_money_for_the_old_bill_goes_to_the_one_in_its_place(bill: Bill, officers: Officers) -> None:
    asked = services.reissue_bill(bill_id=bill.pk, **act(officers.uploader, "2026-06-25"))
    services.carry_out(change_id=asked.change_id, at=day("2026-06-25"))
    new = BillReplacement.objects.get(old=bill).new
    paid = pay_and_post(bill.pk, 260_000, "2026-07-09")
    assert (paid.bill_id, paid.applied, paid.excess) == (new.pk, 260_000, 0)
    assert BillPayment.objects.get().bill_id == new.pk
    assert books_agree()


def test_a_change_above_the_threshold_waits_for_another_officer(
    issued: Callable[[str], int], officers: Officers
) -> None:
    issued(csv_of({"displacement_cc": "9000"}))
    bill = Bill.objects.get()
    asked = services.cancel_bill(
        bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="scrapped", at=day("2026-06-15")
    )
    assert asked.status == "proposed"
    assert total(bill.pk, "2026-06-30") == 1_170_000
    with pytest.raises(services.ChangeWaits):
        services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="again", at=AT)
    decide: dict[str, Any] = {"change_id": asked.change_id, "because": "", "at": day("2026-06-16")}
    with pytest.raises(services.SameOfficerDecides):
        services.decide_change(decided_by_id=officers.uploader, approved=True, **decide)
    with pytest.raises(services.ReasonNeeded):
        services.decide_change(decided_by_id=officers.approver, approved=False, **decide)
    done = services.decide_change(decided_by_id=officers.approver, approved=True, **decide)
    assert done.status == "done"
    bill.refresh_from_db()
    assert bill.status == "cancelled"
    with pytest.raises(services.ChangeNotWaiting):
        services.decide_change(decided_by_id=officers.approver, approved=True, **decide)
    assert books_agree()


def test_small_changes_of_one_officer_for_one_taxpayer_add_up(issued: Callable[[str], int], officers: Officers) -> None:
    """Three bills of 780,000 won in all are one officer's; the fourth is beyond what one may decide."""
    issued(csv_of(*({"roll_ref": f"CAR-{n}", "vehicle_number": f"123가{n:04d}"} for n in range(4))))
    *small, last = Bill.objects.order_by("id")
    for bill in small:
        asked = services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="scrapped", at=AT)
        assert asked.status == "done"
    waits = services.cancel_bill(bill_id=last.pk, cancelled_by_id=officers.uploader, reason="scrapped", at=AT)
    assert waits.status == "proposed"
    other = services.write_off_bill(bill_id=last.pk, **act(officers.approver, "2026-06-15"))
    assert other.status == "done"


def test_the_database_refuses_an_officer_who_confirms_their_own_change(bill: Bill, officers: Officers) -> None:
    facts: dict[str, Any] = {
        "bill": bill,
        "kind": "cancel",
        "status": "done",
        "amount": 1,
        "details": {},
        "reason": "x",
    }
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        BillChange.objects.create(
            **facts,
            needs_second=True,
            asked_by_id=officers.uploader,
            decided_by_id=officers.uploader,
            asked_at=AT,
        )


def test_a_payment_and_a_reduction_at_once_come_one_after_the_other(
    bill: Bill, officers: Officers, database_name: str
) -> None:
    car, _ = lines_of(bill)

    def pay(as_role: object) -> None:
        pay_and_post(bill.pk, 260_000, "2026-06-20")

    def reduce(as_role: object) -> None:
        services.reduce_bill(bill_id=bill.pk, lines={car: 50_000}, **act(officers.uploader, "2026-06-20"))

    at_once(database_name, [pay, reduce])
    payment = BillPayment.objects.get()
    back = told("billing.reduced.v1")["excess"]
    # Either the payment came first and 50,000 go back, or it met the smaller bill and was too much.
    assert (payment.applied, payment.excess, back) in {(260_000, 0, 50_000), (210_000, 50_000, 0)}
    assert -balance("refund_payable") - balance("overpayment") == 50_000
    assert total(bill.pk, "2027-01-01") == 0
    assert books_agree()
    connection.close()


def test_the_list_of_own_bills_shows_what_a_change_left(bill: Bill, officers: Officers) -> None:
    car, _ = lines_of(bill)
    services.reduce_bill(bill_id=bill.pk, lines={car: 60_000}, **act(officers.uploader, "2026-06-15"))
    assert [found.owed.total for found in selectors.my_bills(at=day("2026-06-30"))] == [200_000]
    assert [found.owed.total for found in selectors.search_bills(text="CAR-1", at=day("2026-06-30"))] == [200_000]
