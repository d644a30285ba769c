"""A file of deposits is posted to whom each is for, once, whatever comes twice, late, short or for an old holder."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.models import BillPayment
from core import clock
from payments.models import Attempt, BankFile, InboxMessage, Payment, Reversal, ReversalPart
from tests.payments.bank_messages import Told, entry, notice, statement
from tests.payments.cast import a_bill, balances
from tests.payments.deposits import an_account, fates, number_of, take

pytestmark = pytest.mark.usefixtures("db")
DAY = timedelta(days=1)


def test_a_deposit_to_a_virtual_account_pays_its_bill() -> None:
    bill = a_bill()
    attempt = an_account(bill)
    file = take(notice(entry(Told(bill.amount, to=number_of(attempt), ref="B-1"))))
    assert fates(file) == ["settled"]
    attempt.refresh_from_db()
    assert attempt.status == "paid"
    payment = Payment.objects.get()
    assert (payment.gateway, payment.movement_id, payment.applied) == ("statement:088", "B-1", bill.amount)
    assert balances() == {"clearing": bill.amount, "revenue": -bill.amount}
    assert InboxMessage.objects.get().verdict == "processed"


def test_the_same_message_again_changes_nothing_even_in_other_bytes() -> None:
    bill = a_bill()
    content = notice(entry(Told(bill.amount, to=number_of(an_account(bill)), ref="B-1")))
    first = take(content)
    assert take(content) == first
    again = take(content.replace(b"<Document", b"\n<Document"))
    assert again.status == "repeated"
    assert Payment.objects.count() == 1


def test_two_equal_transfers_on_one_day_are_two() -> None:
    bill = a_bill()
    number = number_of(an_account(bill))
    file = take(notice(entry(Told(20_000, to=number)), entry(Told(20_000, to=number)), entry(Told(12_000, to=number))))
    assert fates(file) == ["settled"] * 3
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


def test_a_movement_that_a_notice_and_the_statement_tell_is_one() -> None:
    bill = a_bill()
    told = Told(bill.amount, to=number_of(an_account(bill)), ref="B-1")
    take(notice(entry(told)))
    assert fates(take(statement(entry(told), opening=0, closing=bill.amount))) == ["repeated"]
    assert balances()["clearing"] == bill.amount


def test_movements_without_a_reference_that_both_tell_are_counted_once() -> None:
    bill = a_bill()
    told = Told(26_000, to=number_of(an_account(bill)))
    take(notice(entry(told), entry(told)))
    both = statement(entry(told), entry(told), entry(told), opening=0, closing=78_000)
    assert fates(take(both)) == ["told", "told", "settled"]
    assert Payment.objects.count() == 3


def test_a_batch_told_singly_and_then_in_one_sum_is_counted_once() -> None:
    one, two = a_bill(), a_bill()
    told = [Told(bill.amount, to=number_of(an_account(bill)), ref=f"B-{bill.id}") for bill in (one, two)]
    assert fates(take(notice(entry(*told, ref="SUM-1")))) == ["settled", "settled"]
    lump = entry(Told(104_000, ref="SUM-1"), number=2)
    assert fates(take(statement(lump, opening=0, closing=104_000))) == ["told"]
    assert balances()["clearing"] == 104_000


def test_short_over_twice_and_late_deposits_end_in_the_books() -> None:
    short, over, twice, late = (a_bill() for _ in range(4))
    accounts = [number_of(an_account(bill)) for bill in (short, over, twice)]
    expired = an_account(late, issued_at=clock.now() - 10 * DAY, status="expired")
    sums = [(accounts[0], 10_000), (accounts[1], 60_000), (accounts[2], 52_000), (accounts[2], 52_000)]
    entries = [entry(Told(amount, to=number)) for number, amount in [*sums, (number_of(expired), 52_000)]]
    assert fates(take(notice(*entries))) == ["settled"] * 5
    found = {bill.id: (0, 0) for bill in (short, over, twice, late)}
    for one in BillPayment.objects.all():
        applied, excess = found[one.bill_id]
        found[one.bill_id] = (applied + one.applied, excess + one.excess)
    assert list(found.values()) == [(10_000, 0), (52_000, 8_000), (52_000, 52_000), (52_000, 0)]


def test_a_deposit_goes_to_whom_the_number_belonged_at_that_moment() -> None:
    old, new = a_bill(), a_bill(tax=70_000)
    before = clock.now() - 200 * DAY
    former = an_account(old, number="90880000000777", issued_at=before, status="expired")
    present = an_account(new, number="90880000000777", issued_at=clock.now() - DAY)
    told = Told(52_000, to="90880000000777", at=before + DAY, ref="LATE")
    assert fates(take(notice(entry(told)))) == ["settled"]
    assert Payment.objects.get().attempt_id == former.pk != present.pk


def test_the_former_holders_sum_never_pays_the_new_holders_bill() -> None:
    old, new = a_bill(), a_bill(tax=70_000)
    an_account(old, number="90880000000777", issued_at=clock.now() - 200 * DAY, status="expired")
    an_account(new, number="90880000000777", issued_at=clock.now() - DAY)
    assert fates(take(notice(entry(Told(52_000, to="90880000000777"))))) == ["suspended"]


def test_a_day_on_which_a_number_changed_hands_is_an_officers_decision() -> None:
    old, new = a_bill(), a_bill(tax=70_000)
    an_account(old, number="90880000000777", issued_at=clock.now() - 200 * DAY, status="expired")
    an_account(new, number="90880000000777", issued_at=clock.now())
    told = Told(new.amount, to="90880000000777", day_only=True)
    assert fates(take(notice(entry(told)))) == ["suspended"]


def test_a_transfer_that_names_a_bill_pays_it() -> None:
    bill = a_bill()
    file = take(notice(entry(Told(bill.amount, text=f"자동차세 {bill.epay_number} 홍길동", ref="T-1"))))
    assert fates(file) == ["settled"]
    attempt = Attempt.objects.get()
    assert (attempt.channel, attempt.status, attempt.gateway) == ("bank_transfer", "paid", "statement:088")


def test_what_fits_nothing_goes_to_suspense() -> None:
    one, two = a_bill(), a_bill()
    texts = ["nothing", f"{one.epay_number} {two.epay_number}", "0000000000000000000"]
    file = take(notice(*(entry(Told(1_000, text=text)) for text in texts), entry(Told(500, to="90880999999999"))))
    assert fates(file) == ["suspended"] * 4
    assert (balances()["clearing"], balances()["suspense"]) == (3_500, -3_500)


@pytest.mark.parametrize("ref", ["B-1", ""])
def test_a_deposit_that_the_bank_takes_back_minutes_later_leaves_the_bill_owed(ref: str) -> None:
    bill = a_bill()
    number = number_of(an_account(bill))
    came = Told(bill.amount, to=number, ref=ref)
    back = Told(bill.amount, to=number, ref=ref, out=True, reversal=True)
    assert fates(take(notice(entry(came), entry(back)))) == ["settled", "reversed"]
    assert balances() == {"receivable": bill.amount, "revenue": -bill.amount}


def test_a_return_that_overtakes_its_deposit_is_remembered() -> None:
    bill = a_bill()
    number = number_of(an_account(bill))
    back = Told(bill.amount, to=number, ref="B-1", out=True, returned=True)
    take(notice(entry(back)))
    came = notice(entry(Told(bill.amount, to=number, ref="B-1")), message_id="N-2", part_id="NOTE-2")
    assert fates(take(came)) == ["settled"]
    assert balances() == {"receivable": bill.amount, "revenue": -bill.amount}


@pytest.mark.parametrize("to_number", [True, False])
def test_a_payer_who_takes_anothers_reference_has_nobody_elses_deposit_taken_back(to_number: bool) -> None:
    thiefs, others = a_bill(), a_bill()
    numbers = [number_of(an_account(bill)) for bill in (thiefs, others)]
    came = [Told(52_000, to=number, ref=f"D-{number}", end_to_end="RENT") for number in numbers]
    assert fates(take(notice(*map(entry, came)))) == ["settled", "settled"]
    to = numbers[0] if to_number else ""
    back = Told(52_000, to=to, ref="R-1", end_to_end="RENT", out=True, returned=True)
    take(notice(entry(back), message_id="N-2", part_id="NOTE-2"))
    taken = [part.payment.movement_id for part in ReversalPart.objects.select_related("payment")]
    assert taken == ([f"D-{numbers[0]}"] if to_number else [])
    assert Reversal.objects.count() == 1  # of nobody's yet, it waits where people see it


def test_a_return_of_something_unknown_is_listed() -> None:
    assert fates(take(notice(entry(Told(5, out=True, reversal=True))))) == ["unmatched"]


def test_money_out_and_informational_lines_move_nothing() -> None:
    inner = (entry(Told(500, out=True)), entry(Told(70, status="INFO")))
    assert fates(take(statement(*inner, opening=1_000, closing=500))) == ["out", "informational"]
    assert balances() == {}


def test_a_file_that_does_not_tie_posts_nothing_and_says_why() -> None:
    bill = a_bill()
    told = entry(Told(bill.amount, to=number_of(an_account(bill))))
    file = take(statement(told, opening=0, closing=1))
    assert (file.status, file.reason) == ("refused", "does_not_tie")
    assert "51999" in file.difference
    assert InboxMessage.objects.get().verdict == "set_aside"
    assert balances() == {"receivable": 52_000, "revenue": -52_000}


def test_a_statement_of_somebody_elses_account_is_refused() -> None:
    file = take(notice(entry(Told(5)), account="00000000000000"))
    assert (file.status, file.reason) == ("refused", "other_account")


def test_a_thousand_files_of_nothing_are_not_kept_waiting() -> None:
    assert take(notice()).status == "posted"
    assert BankFile.objects.get().lines.count() == 0
