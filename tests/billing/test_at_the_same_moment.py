"""Two at once with one bill: whichever comes first, what is left is one of the two orders, and the books agree."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from billing import services
from billing.models import Bill, BillChange, BillPayment, BillReplacement, LevyRoll
from billing.states import RollStatus
from core.errors import Refusal
from tests.payments.racing import at_once

from .conftest import AT, Officers, csv_of
from .life import act, balance, books_agree, pay_and_post, total
from .test_payments_on_bills import day

LARGE = {"displacement_cc": "9000"}


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    """A bill of 200,000 and 60,000 won, due on 30 June 2026."""
    issued(csv_of({}))
    return Bill.objects.get()


def together(database_name: str, *calls: Callable[[], object]) -> list[object]:
    """What each of the calls answers, or the refusal that it met."""

    def answering(call: Callable[[], object]) -> Callable[[object], object]:
        def run(as_role: object) -> object:
            try:
                return call()
            except Refusal as refusal:
                return type(refusal)

        return run

    found = at_once(database_name, [answering(call) for call in calls])
    connection.close()
    assert books_agree()
    return found


def test_of_two_decisions_about_one_change_one_counts(
    issued: Callable[[str], int], officers: Officers, database_name: str
) -> None:
    issued(csv_of(LARGE))
    bill = Bill.objects.get()
    asked = services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="scrapped", at=AT)

    def decide(approved: bool) -> Callable[[], object]:
        return lambda: (
            services.decide_change(
                change_id=asked.change_id, decided_by_id=officers.approver, approved=approved, because="no", at=AT
            ).status
        )

    confirmed, rejected = {"done"}, {"rejected"}
    found = together(database_name, decide(True), decide(False))
    assert services.ChangeNotWaiting in found
    status = BillChange.objects.get().status
    bill.refresh_from_db()
    assert {status} == set(found) - {services.ChangeNotWaiting}
    assert ({status}, bill.status) in [(confirmed, "cancelled"), (rejected, "issued")]


def test_of_two_confirmations_at_once_one_takes_the_bill_out_of_the_books(
    issued: Callable[[str], int], officers: Officers, database_name: str
) -> None:
    issued(csv_of(LARGE))
    bill = Bill.objects.get()
    pay_and_post(bill.pk, 100_000, "2026-06-12")
    asked = services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="scrapped", at=AT)
    decide = partial(
        services.decide_change,
        change_id=asked.change_id,
        decided_by_id=officers.approver,
        approved=True,
        because="",
        at=AT,
    )
    assert services.ChangeNotWaiting in together(database_name, decide, decide)
    assert (balance("refund_payable"), balance("receivable")) == (-100_000, 0)


def test_a_cancellation_and_a_write_off_of_one_bill_do_not_both_happen(
    bill: Bill, officers: Officers, database_name: str
) -> None:
    found = together(
        database_name,
        lambda: services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="x", at=AT).status,
        lambda: services.write_off_bill(bill_id=bill.pk, **act(officers.approver, "2026-06-15")).status,
    )
    assert set(found) == {"done", services.BillNotInForce}
    assert balance("receivable") == 0


def test_a_roll_is_cancelled_while_somebody_pays_one_of_its_bills(
    issued: Callable[[str], int], officers: Officers, database_name: str
) -> None:
    """The payment came first, and the bill stays; or it came too late, and all of it is the payer's."""
    roll_id = issued(csv_of(*({"roll_ref": f"C-{n}", "vehicle_number": f"12가000{n}"} for n in "123")))
    services.ask_to_cancel_roll(roll_id=roll_id, asked_by_id=officers.uploader, reason="the rates of last year")
    services.decide_to_cancel_roll(roll_id=roll_id, decided_by_id=officers.approver, agreed=True, at=AT)
    paid = Bill.objects.order_by("id")[1]

    def cancel() -> None:
        while services.cancel_bills_of_roll(roll_id=roll_id, at=AT, most=2):
            pass

    together(database_name, cancel, lambda: pay_and_post(paid.pk, 260_000, "2026-06-20"))
    paid.refresh_from_db()
    payment = BillPayment.objects.get()
    assert (paid.status, payment.applied, payment.excess) in {("issued", 260_000, 0), ("cancelled", 0, 260_000)}
    assert balance("overpayment") == -payment.excess
    assert balance("receivable") == 0
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.CANCELLED
    assert set(Bill.objects.exclude(pk=paid.pk).values_list("status", flat=True)) == {"cancelled"}


def test_a_payment_that_meets_a_reissue_counts_once_on_the_new_bill(
    bill: Bill, officers: Officers, database_name: str
) -> None:
    asked = services.reissue_bill(bill_id=bill.pk, **act(officers.uploader, "2026-06-25"))
    together(
        database_name,
        lambda: services.carry_out(change_id=asked.change_id, at=day("2026-06-25")),
        lambda: pay_and_post(bill.pk, 100_000, "2026-06-25"),
    )
    new = BillReplacement.objects.get(old=bill).new
    assert total(new.pk, "2026-06-30") == 160_000
    assert sum(BillPayment.objects.filter(bill=new).values_list("applied", flat=True)) == 100_000
