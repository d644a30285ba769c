"""Giro slips that are out of date, paid twice, or of a bill that is gone; and lines that a cashier mistypes."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import transaction

from accounts.access import Role
from accounts.models import Account
from billing.models import Bill, BillPayment
from billing.rules.giro import GiroBand
from billing.selectors import owed_on
from core import clock
from core.models import Event
from payments import services
from payments.models import Payment
from tests.billing.people import officer_client
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.cast import BillFacts, a_bill, balances, today
from tests.payments.deposits import fates, take
from tests.payments.racing import at_once
from tests.payments.test_giro import a_slip, channels, paid, slip_of
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.usefixtures("db")
DAY = timedelta(days=1)
ENGLISH = {"Accept-Language": "en"}
OTHER_BANK, OTHER_ACCOUNT = "004", "00400000000012"


def line_of(bill: BillFacts) -> str:
    slip = slip_of(bill)
    assert slip is not None
    return slip.line


def overpaid() -> list[tuple[int, int]]:
    told = Event.objects.filter(topic="payments.overpaid.v1").order_by("pk")
    return [(one.payload["bill_id"], one.payload["amount"]) for one in told]


def replaced(bill: BillFacts, *, tax: int) -> BillFacts:
    """The bill was issued anew for another amount; the paper of the first is still on somebody's table."""
    new = a_bill(tax=tax, of=bill)
    officer = Account.objects.create(email="reissuer@example.kr", kind="officer")
    model = apps.get_model
    with transaction.atomic():
        change = model("billing", "BillChange").objects.create(
            bill_id=bill.id, kind="reissue", status="done", amount=0, details={}, reason="정정", article="제38조",
            needs_second=False, asked_by_id=officer.pk, asked_at=clock.now(), done_at=clock.now(),
        )  # fmt: skip
        model("billing", "BillReplacement").objects.create(old_id=bill.id, new_id=new.id, change=change)
        Bill.objects.filter(pk=bill.id).update(status="reissued")
    return new


def test_a_slip_that_is_paid_after_its_last_day_leaves_the_surcharge_owed() -> None:
    bill = a_bill(due=today() - 2 * DAY)
    assert fates(take(notice(entry(a_slip(bill))))) == ["settled"]
    assert paid(bill) == (52_000, 0)
    left = owed_on(bill_ids=[bill.id], on=today())[bill.id].total
    assert left == 1_200 + 360
    assert overpaid() == []


def test_a_slip_for_another_amount_than_the_line_names_pays_what_came() -> None:
    """A clerk who typed a five for a two, and one who forgot a nought: no bank should, and one did."""
    more, less = a_bill(), a_bill()
    assert fates(take(notice(entry(a_slip(more, 55_000)), entry(a_slip(less, 5_200))))) == ["settled", "settled"]
    assert (paid(more), paid(less)) == ((52_000, 3_000), (5_200, 0))
    assert overpaid() == [(more.id, 3_000)]
    assert line_of(less) != "", "what is left has a line of its own"


def test_one_bill_at_two_banks_in_one_moment_is_paid_once_and_owed_back_once(database_name: str) -> None:
    bill = a_bill()
    ours = notice(entry(a_slip(bill, ref="G-1")))
    theirs = notice(entry(a_slip(bill, ref="G-1")), account=OTHER_ACCOUNT)
    brought = [
        services.bring_bank_file(content=content, bank_code=bank, name="giro.xml", at=clock.now())
        for content, bank in ((ours, "088"), (theirs, OTHER_BANK))
    ]

    def posts(file: int) -> Callable[[AsRole], str]:
        def call(sign_in: AsRole) -> str:
            with sign_in("worker"):
                return str(services.post_bank_file(file_id=file, at=clock.now()))

        return call

    assert at_once(database_name, [posts(file) for file in brought]) == ["posted", "posted"]
    assert paid(bill) == (52_000, 52_000)
    assert overpaid() == [(bill.id, 52_000)]
    assert balances() == {"clearing": 104_000, "revenue": -52_000, "overpayment": -52_000}


def test_a_slip_of_a_cancelled_bill_is_owed_back_whole() -> None:
    bill = a_bill()
    Bill.objects.filter(pk=bill.id).update(status="cancelled")
    assert fates(take(notice(entry(a_slip(bill))))) == ["settled"]
    assert paid(bill) == (0, 52_000)
    assert overpaid() == [(bill.id, 52_000)]
    assert slip_of(bill) is None


@pytest.mark.parametrize(("tax", "sums"), [(40_000, (52_000, 0)), (30_000, (42_000, 10_000)), (50_000, (52_000, 0))])
def test_a_slip_of_a_bill_that_was_issued_anew_pays_the_one_in_its_place(tax: int, sums: tuple[int, int]) -> None:
    bill = a_bill()
    new = replaced(bill, tax=tax)
    assert fates(take(notice(entry(a_slip(bill))))) == ["settled"]
    assert paid(bill) == (0, 0)
    assert paid(new) == sums
    assert channels() == ["giro"]


def test_two_numbers_in_one_slip_are_nobodys_and_wait_for_officers() -> None:
    one, other = a_bill(), a_bill()
    both = Told(52_000, text=f"{one.epay_number} {other.epay_number}", code="GIRO")
    assert fates(take(notice(entry(both)))) == ["suspended"]
    assert Payment.objects.get().suspense == 52_000
    assert not BillPayment.objects.exists()


@pytest.fixture
def cashier(as_role: AsRole) -> FaceClient:
    client = officer_client(as_role, "cashier@example.kr", Role.CASHIER, body="11110")
    client.post("/payments/counter/open/", {"opening": "100000"})
    return client


def searched(client: FaceClient, text: str) -> tuple[int, str]:
    answer = client.get("/payments/counter/", {"text": text}, headers=ENGLISH)
    return answer.status_code, html.unescape(answer.content.decode())


def test_a_line_that_a_cashier_mistypes_is_said_to_be_wrong_and_stays_in_the_field(cashier: FaceClient) -> None:
    bill = a_bill()
    line = line_of(bill)
    for typed in (line, line.replace("+", " "), line.replace("+", "")):
        status, page = searched(cashier, typed)
        assert (status, f'value="{bill.id}"' in page) == (200, True)
    digits = line.replace("+", "")
    for wrong in (digits[:-1], digits + "0", digits[:20] + digits[21] + digits[20] + digits[22:]):
        status, page = searched(cashier, wrong)
        if wrong != digits:
            assert status == 422
            assert "A digit of this line was read wrong" in page
            assert f'value="{wrong}"' in page


def test_a_line_says_which_bill_and_not_how_much(cashier: FaceClient) -> None:
    """Somebody who changes the amount and every check digit after it finds the bill, and what it owes."""
    bill = a_bill()
    forged = GiroBand(number="9911000", epay_number=bill.epay_number, amount=1, until=date(2030, 1, 1))
    status, page = searched(cashier, str(forged))
    assert status == 200
    assert "52,000 won" in page


def test_the_line_of_a_bill_that_is_gone_finds_nothing_to_pay(cashier: FaceClient) -> None:
    bill = a_bill()
    line = line_of(bill)
    Bill.objects.filter(pk=bill.id).update(status="cancelled")
    status, page = searched(cashier, line)
    assert status == 200
    assert "No unpaid bill of your office" in page
