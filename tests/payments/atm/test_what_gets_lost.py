"""What is decided when messages are lost, late, twice, at once or out of order: the teller alone, without a wire."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection

from accounts.enums import Role
from core import clock
from ledger.checks import Difference
from payments.atm import teller
from payments.atm.hours import ALWAYS, Hours, hours_of_the_city
from payments.atm.words import Answer, Asked, Code, Kind
from payments.checks import payments_agree
from payments.gateways.base import Movement, MovementKind
from payments.models import AtmTransaction, InboxMessage, Payment
from payments.services import sweep
from payments.services.reverse import reverse
from tests.accounts.people import officer, sign_in
from tests.payments.cast import BillFacts, a_bill, balances
from tests.payments.racing import at_once
from tests.support.database import AsRole
from tests.support.faces import FaceClient

CLOSED = Hours(time(0), time(0), ZoneInfo("Asia/Seoul"))
PAID = {"clearing": 52_000, "revenue": -52_000}
NOTHING = {"receivable": 52_000, "revenue": -52_000}


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def asked(bill: BillFacts, kind: Kind = Kind.PAYMENT, *, name: str = "", amount: int = 0) -> Asked:
    return Asked(
        kind,
        "088",
        raw=secrets.token_bytes(40),
        echo=None,
        transaction=name or f"20260616120000-{secrets.randbelow(10**6):06d}",
        at=clock.now(),
        amount=amount or bill.amount,
        number=bill.epay_number,
    )


def told(question: Asked, hours: Hours = ALWAYS) -> Answer:
    return teller.answer(asked=question, hours=hours, at=clock.now())


def reversal(payment: Asked, **changes: object) -> Asked:
    return replace(payment, kind=Kind.REVERSAL, number="", raw=secrets.token_bytes(40), **changes)  # type: ignore[arg-type]


def differences() -> list[Difference]:
    return payments_agree()


def test_a_reversal_makes_the_bill_owed_again(as_role: AsRole, bill: BillFacts) -> None:
    payment = asked(bill)
    with as_role("intake"):
        assert [told(question).code for question in (payment, reversal(payment), reversal(payment))] == ["00"] * 3
    assert balances() == NOTHING
    assert AtmTransaction.objects.get().state == "reversed"
    assert told(payment) == told(payment), "a repeat of what was reversed gets its first answer"
    assert told(asked(bill)).code == "00"
    assert balances() == PAID
    assert differences() == []


def test_a_reversal_that_overtakes_its_payment_is_remembered(bill: BillFacts) -> None:
    payment = asked(bill)
    assert told(reversal(payment)).code == "00"
    assert [told(payment).code for _ in range(2)] == ["A2", "A2"]
    assert told(replace(payment, kind=Kind.ADVICE)).code == "00"
    assert Payment.objects.count() == 0


def test_a_reversal_of_what_was_declined_takes_nothing_back(bill: BillFacts) -> None:
    payment = asked(bill, amount=1)
    assert [told(question).code for question in (payment, reversal(payment))] == ["13", "00"]
    assert AtmTransaction.objects.get().state == "withdrawn"


def test_a_reversal_of_another_amount_is_left_to_people(bill: BillFacts) -> None:
    payment = asked(bill)
    told(payment)
    assert told(reversal(payment, amount=51_000)).code == "13"
    assert balances() == PAID
    assert InboxMessage.objects.filter(verdict="set_aside").count() == 1


def test_a_reversal_of_what_was_given_back_another_way_is_left_to_people(bill: BillFacts) -> None:
    payment = asked(bill)
    told(payment)
    back = Movement("by-hand", MovementKind.REVERSAL, 52_000, clock.now())
    reverse(gateway="atm:088", movement=back, of_movement=payment.transaction, at=clock.now())
    assert told(reversal(payment)).code == "00"
    assert balances() == NOTHING
    assert InboxMessage.objects.get(verdict="set_aside").problem.startswith("more than is left")


def test_money_in_suspense_is_taken_back_from_there(bill: BillFacts) -> None:
    advice = replace(asked(bill, Kind.ADVICE), number="9" * 19)
    assert [told(question).code for question in (advice, reversal(advice))] == ["00", "00"]
    assert balances() == NOTHING


def test_an_advice_of_another_age_waits_in_suspense(bill: BillFacts) -> None:
    old = replace(asked(bill, Kind.ADVICE), at=clock.now() - timedelta(days=11))
    assert told(old).code == "00"
    assert balances()["suspense"] == -52_000


def test_a_second_payment_of_the_same_name_is_no_repeat(bill: BillFacts) -> None:
    payment = asked(bill)
    told(payment)
    other = replace(payment, number=a_bill().epay_number, raw=b"another")
    assert told(other).code == "12"
    assert told(replace(other, kind=Kind.ADVICE, raw=b"a third")).code == "12"
    assert InboxMessage.objects.filter(verdict="set_aside").count() == 2


def test_at_night_machines_ask_and_pay_nothing_and_banks_tell_what_happened(bill: BillFacts) -> None:
    assert told(replace(asked(bill, Kind.INQUIRY), amount=0), CLOSED).code == Code.CLOSED
    assert told(asked(bill), CLOSED).code == Code.CLOSED
    advice = asked(bill, Kind.ADVICE)
    assert told(advice, CLOSED).code == Code.DONE
    assert told(reversal(advice), CLOSED).code == Code.DONE
    assert hours_of_the_city().opens == time(0, 30)


@pytest.mark.parametrize("second", ["repeat", "other_machine", "reversal"])
def test_at_the_same_moment(database_name: str, bill: BillFacts, second: str) -> None:
    payment = asked(bill)
    beside = {"repeat": payment, "other_machine": asked(bill), "reversal": reversal(payment)}[second]
    codes = sorted(at_once(database_name, [partial(_as_intake, one) for one in (payment, beside)]))
    if second == "repeat":
        assert codes == ["00", "00"]
    elif second == "other_machine":
        assert codes == ["00", "A0"]
    else:
        assert codes in (["00", "00"], ["00", "A2"])
    assert balances() == (NOTHING if second == "reversal" else PAID)


def _as_intake(question: Asked, as_role: AsRole) -> str:
    with as_role("intake"):
        return told(question).code.value


def test_a_process_that_died_after_storing_is_made_good_by_the_sweep(
    bill: BillFacts, stored: Callable[..., Asked]
) -> None:
    advice, request = stored("0220", bill), stored("0200", a_bill())
    sweep(at=clock.now() + timedelta(minutes=2))
    assert Payment.objects.get().movement_id == advice.transaction
    verdicts = dict(InboxMessage.objects.values_list("reference", "verdict"))
    assert verdicts[request.transaction] == "set_aside"
    assert told(request).code == "00", "its repeat is decided as if it were the first"


def test_the_office_sees_what_came_from_machines(office_client: FaceClient, bill: BillFacts) -> None:
    payment = asked(bill)
    reference = told(payment).reference
    told(replace(payment, number="1" * 19, raw=b"another"))
    told(replace(asked(bill, Kind.ADVICE), number="2" * 19))
    sign_in(office_client, officer("treasurer@example.com", Role.TREASURER))
    for path, text in (
        (f"/payments/?text={reference}", "Cash machine (ATM)"),
        ("/payments/inbox/", "another payment of the same name"),
        ("/payments/suspense/", "52,000"),
    ):
        page = office_client.get(path, headers={"Accept-Language": "en"})
        assert page.status_code == 200
        assert text in page.content.decode()


def test_intake_reads_no_bank_and_only_posts_as_one(as_role: AsRole, bill: BillFacts) -> None:
    with as_role("intake"), connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute("SELECT * FROM payments_atmtransaction")
    for face in ("public", "office"):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
            told(asked(bill))
