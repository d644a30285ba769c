"""A paper bill that is paid at a bank's counter or machine: booked as giro, whenever and however much of it comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.access import Role
from billing.models import BillPayment
from billing.selectors import GiroSlip, bill_on_day, giro_slip
from core import clock
from payments.models import Attempt, Payment
from receipts.models import Document
from tests.payments.bank_messages import Told, entry, notice, statement
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.deposits import an_account, fates, number_of, take
from tests.payments.test_cancellations import a_desk
from tests.payments.test_suspense_desk import asks_to_assign, decides
from tests.support.database import AsRole

pytestmark = pytest.mark.usefixtures("db")
DAY = timedelta(days=1)


def a_slip(bill: BillFacts, amount: int | None = None, ref: str = "") -> Told:
    return Told(amount or bill.amount, slip=bill.epay_number, ref=ref)


def slip_of(bill: BillFacts) -> GiroSlip | None:
    today = bill_on_day(bill_id=bill.id, on=clock.local_date(clock.now()))
    return giro_slip(bill_id=bill.id, epay_number=bill.epay_number, today=today)


def channels() -> list[str]:
    return list(Attempt.objects.order_by("pk").values_list("channel", flat=True))


def paid(bill: BillFacts) -> tuple[int, int]:
    """What settled the bill, and what was too much."""
    rows = BillPayment.objects.filter(bill_id=bill.id).values_list("applied", "excess")
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


def test_a_reference_for_machines_that_is_a_bills_number_is_giro() -> None:
    bill = a_bill()
    assert fates(take(notice(entry(a_slip(bill, ref="G-1"))))) == ["settled"]
    assert channels() == ["giro"]
    facts = Document.objects.get(taxpayer_id=bill.taxpayer_id).facts
    assert (facts["channel"]["ko"], facts["total"]) == ("지로", bill.amount)
    assert balances() == {"clearing": bill.amount, "revenue": -bill.amount}


def test_the_banks_own_code_makes_a_text_giro_and_without_it_a_transfer() -> None:
    coded, plain = a_bill(), a_bill()
    told = [
        Told(coded.amount, text=f"지방세 {coded.epay_number}", code="GIRO"),
        Told(plain.amount, text=f"지방세 {plain.epay_number}"),
    ]
    assert fates(take(notice(*map(entry, told)))) == ["settled", "settled"]
    assert channels() == ["giro", "bank_transfer"]


def test_money_to_a_virtual_account_stays_the_accounts_whatever_the_bank_calls_it() -> None:
    bill = a_bill()
    attempt = an_account(bill)
    assert fates(take(notice(entry(Told(bill.amount, to=number_of(attempt), code="GIRO"))))) == ["settled"]
    assert Payment.objects.get().attempt == attempt


def test_a_notice_that_comes_late_pays_as_of_the_day_at_the_bank() -> None:
    bill = a_bill(due=clock.local_date(clock.now()) - 3 * DAY)
    in_time = clock.now() - 4 * DAY
    told = Told(bill.amount, slip=bill.epay_number, at=in_time)
    assert fates(take(notice(entry(told)))) == ["settled"]
    assert paid(bill) == (bill.amount, 0)
    assert Payment.objects.get().approved_at == in_time.replace(microsecond=0)


def test_short_over_and_twice_end_on_the_bill_and_beside_it() -> None:
    short, over, twice = a_bill(), a_bill(), a_bill()
    slips = [a_slip(short, 10_000), a_slip(over, 60_000), a_slip(twice, ref="G-1"), a_slip(twice, ref="G-2")]
    assert fates(take(notice(*map(entry, slips)))) == ["settled"] * 4
    assert [paid(bill) for bill in (short, over, twice)] == [(10_000, 0), (52_000, 8_000), (52_000, 52_000)]
    assert set(channels()) == {"giro"}


def test_a_batch_of_slips_is_told_again_by_the_statement_and_counts_once() -> None:
    bills = [a_bill() for _ in range(3)]
    batch = entry(*(a_slip(bill, ref=f"G-{bill.id}") for bill in bills), ref="BATCH")
    assert fates(take(notice(batch))) == ["settled"] * 3
    assert fates(take(statement(batch, opening=0, closing=156_000))) == ["repeated"] * 3
    assert Payment.objects.count() == 3


def test_a_slip_that_the_bank_takes_back_leaves_the_bill_owed() -> None:
    bill = a_bill()
    back = Told(bill.amount, ref="G-1", out=True, reversal=True)
    assert fates(take(notice(entry(a_slip(bill, ref="G-1")), entry(back)))) == ["settled", "reversed"]
    assert balances() == {"receivable": bill.amount, "revenue": -bill.amount}


def test_an_unknown_number_waits_in_suspense_and_stays_giro_when_officers_find_its_bill(as_role: AsRole) -> None:
    bill = a_bill()
    assert fates(take(notice(entry(Told(bill.amount, slip="0" * 19))))) == ["suspended"]
    treasurer = a_desk(as_role, "treasurer@example.kr", Role.TREASURER)
    approver = a_desk(as_role, "approver@example.kr", Role.APPROVER)
    decides(approver, asks_to_assign(treasurer, Payment.objects.get(), bill))
    assert paid(bill) == (bill.amount, 0)
    assert channels() == ["giro"]


def test_the_slip_asks_for_what_is_owed_until_it_grows() -> None:
    today = clock.local_date(clock.now())
    late = a_bill(due=today - DAY)
    slip = slip_of(late)
    assert slip is not None
    assert slip.band.amount > late.amount  # with the surcharge
    assert today <= slip.band.until < today + timedelta(days=32)
    in_time = a_bill()
    slip = slip_of(in_time)
    assert slip is not None
    assert (slip.band.amount, slip.band.until) == (in_time.amount, today + timedelta(days=20))
    take(notice(entry(a_slip(in_time))))
    assert slip_of(in_time) is None
