"""What a bank's host gets from the city's, over real connections, messages built by another maker's library."""

from __future__ import annotations

import pytest
from django.apps import apps

from accounts.selectors import payer_number
from payments.models import AtmTransaction, Attempt, InboxMessage, Payment
from tests.payments.atm.bank import element, packed
from tests.payments.atm.conftest import Open
from tests.payments.cast import BillFacts, a_bill, balances

pytestmark = pytest.mark.socket


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def test_a_bank_signs_on_sends_echoes_and_signs_off(line: Open) -> None:
    bank = line()
    echo = bank.ask("0800", bank.network(301))
    assert (echo.mti, echo.code, echo.fields[70]) == ("0810", "00", 301)
    assert bank.ask("0800", bank.network(2)).code == "00"


def test_nothing_is_answered_before_the_sign_on(line: Open, bill: BillFacts) -> None:
    stranger = line(signed=False)
    stranger.send(packed("0200", stranger.inquiry(element("01", bill.epay_number))))
    assert stranger.closed()


def test_a_bill_is_shown_by_its_number(line: Open, bill: BillFacts) -> None:
    bank = line()
    shown = bank.ask("0200", bank.inquiry(element("01", bill.epay_number)))
    assert (shown.mti, shown.code, shown.fields[4]) == ("0210", "00", 52_000)
    (tag, payer), (_, told) = shown.elements
    assert (tag, payer) == ("12", bill.payer[0] + "*" * (len(bill.payer) - 2) + bill.payer[-1])
    assert told.startswith(f"{bill.epay_number}{52_000:012d}")
    assert told.endswith("202601자동차세")
    assert InboxMessage.objects.count() == 0


def test_a_payer_chooses_among_all_bills_page_by_page(line: Open, bill: BillFacts) -> None:
    others = [a_bill(of=bill) for _ in range(7)]
    bank, number = line(), element("02", payer_number(taxpayer_id=bill.taxpayer_id))
    first = bank.ask("0200", bank.inquiry(number))
    second = bank.ask("0200", bank.inquiry(number + element("03", "02")))
    pages = [[value[:19] for tag, value in page.elements if tag == "20"] for page in (first, second)]
    assert [len(page) for page in pages] == [6, 2]
    assert sorted(pages[0] + pages[1]) == sorted(one.epay_number for one in (bill, *others))
    assert [dict(page.elements)["11"] for page in (first, second)] == ["02", "00"]


def test_payer_numbers_cannot_be_found_by_trying(line: Open, bill: BillFacts) -> None:
    bank = line()
    own = payer_number(taxpayer_id=bill.taxpayer_id)
    wrong = f"{own[:10]}{(int(own[10:]) + 1) % 10**8:08d}"
    codes = [bank.ask("0200", bank.inquiry(element("02", wrong))).code for _ in range(21)]
    assert codes == ["14"] * 20 + ["75"]
    assert bank.ask("0200", bank.inquiry(element("01", bill.epay_number))).code == "00"


def test_a_payment_is_posted_at_the_machines_own_moment(line: Open, bill: BillFacts) -> None:
    bank = line()
    paid = bank.ask("0200", bank.payment(bill.epay_number, 52_000))
    assert (paid.mti, paid.code) == ("0210", "00")
    told = dict(paid.elements)
    attempt = Attempt.objects.get()
    assert (told["01"], told["30"]) == (bill.epay_number, attempt.reference)
    assert (attempt.channel, attempt.gateway, attempt.status) == ("atm", "atm:088", "paid")
    payment = Payment.objects.get()
    assert payment.message is not None
    assert payment.message.verdict == "processed"
    assert payment.approved_at.microsecond == 0
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


def test_a_repeat_gets_the_same_answer_and_posts_nothing(line: Open, bill: BillFacts) -> None:
    bank = line()
    fields = bank.payment(bill.epay_number, 52_000)
    answers = [line().ask(mti, fields).data for mti in ("0200", "0200", "0201")]
    assert len(set(answers)) == 1
    refused = bank.payment(bill.epay_number, 52_000)
    assert [bank.ask("0200", refused).code for _ in range(2)] == ["A0", "A0"]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"f4": 51_999}, "13"),
        ({"f48": element("01", "9" * 19)}, "14"),
        ({"f12": 0, "f13": 101}, "12"),
        ({"f3": 700_000}, "12"),
        ({"f49": 840}, "30"),
        ({"f4": 0}, "30"),
        ({"f41": None}, "30"),
        ({"f48": None}, "30"),
        ({"f48": "0101912"}, "30"),
        ({"f48": element("99", "1")}, "30"),
        ({"f13": 1332}, "30"),
        ({"f7": 230_000_000}, "30"),
    ],
)
def test_what_cannot_be_paid_is_declined_with_the_right_code(
    line: Open, bill: BillFacts, changes: dict[str, object], code: str
) -> None:
    bank = line()
    assert bank.ask("0200", bank.payment(bill.epay_number, 52_000, **changes)).code == code
    assert Payment.objects.count() == 0


def test_a_bill_that_is_not_in_force_is_declined(line: Open, bill: BillFacts) -> None:
    apps.get_model("billing", "Bill").objects.update(status="cancelled")
    bank = line()
    assert bank.ask("0200", bank.payment(bill.epay_number, 52_000)).code == "A1"
    assert bank.ask("0200", bank.inquiry(element("01", bill.epay_number))).code == "A1"


def test_an_advice_is_never_refused(line: Open, bill: BillFacts) -> None:
    bank = line()
    for number, amount in ((bill.epay_number, 52_000), (bill.epay_number, 52_000), ("9" * 19, 7_000)):
        assert bank.ask("0220", bank.payment(number, amount)).code == "00"
    assert balances() == {"clearing": 111_000, "revenue": -52_000, "overpayment": -52_000, "suspense": -7_000}
    assert set(InboxMessage.objects.values_list("verdict", flat=True)) == {"processed"}


def test_an_advice_after_our_no_is_posted_all_the_same(line: Open, bill: BillFacts) -> None:
    bank = line()
    fields = bank.payment(bill.epay_number, 60_000)
    assert bank.ask("0200", fields).code == "13"
    assert [bank.ask(mti, fields).code for mti in ("0220", "0221")] == ["00", "00"]
    assert balances() == {"clearing": 60_000, "revenue": -52_000, "overpayment": -8_000}
    assert AtmTransaction.objects.get().state == "paid"


def test_bill_data_may_travel_in_field_62(line: Open, bill: BillFacts) -> None:
    bank = line()
    paid = bank.ask(
        "0200", bank.payment(bill.epay_number, 52_000, f48=None, f62=element("01", bill.epay_number), f102="1" * 14)
    )
    assert paid.code == "00"
    assert 48 not in paid.fields
    assert dict(paid.elements)["01"] == bill.epay_number
    assert 102 not in paid.fields
