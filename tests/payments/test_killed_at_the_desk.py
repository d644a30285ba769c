"""`kill -9` at a counter and over a bank's file of giro slips: before and after each commit the truth is found once."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from accounts.access import Role
from billing.models import BillPayment
from core import clock
from payments import services
from payments.models import BankFile, Bounce, CounterPayment, Drawer, Payment
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.cast import a_bill, balances
from tests.payments.counters import Cashier, a_cashier, closes
from tests.payments.deposits import fates
from tests.payments.killing import Doomed
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole

pytestmark = pytest.mark.usefixtures("db")
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}
KEY = "d" * 32

# Each act of a desk is one commit, as its page makes it: it dies with all of it written, or committed and nobody told.
BEFORE, AFTER = "die()", "pass"
AN_ACT = """
with session_secret(facts["session"]):
    with transaction.atomic():
        getattr(services, facts["act"])(**facts["said"], at=clock.now())
        {where}
    die()
"""
TAKING = """
from payments.states import Means
facts["said"]["desk"] = services.OnTheDesk(Means.CASH, 52_000)
"""
BOTH = pytest.mark.parametrize("where", [BEFORE, AFTER], ids=["before the commit", "after it"])


@pytest.fixture
def cashier(as_role: AsRole) -> Cashier:
    return a_cashier(as_role)


@pytest.fixture
def approver(as_role: AsRole) -> Desk:
    return a_desk(as_role, "second@example.kr", Role.APPROVER, body="11110")


def dies(doomed: Doomed, desk: Desk, act: str, where: str, first: str = "", **said: object) -> None:
    doomed("office", first + AN_ACT.format(where=where), act=act, said=said, session=desk.secret)


@BOTH
def test_cash_is_taken_once_when_the_form_is_sent_again(cashier: Cashier, doomed: Doomed, where: str) -> None:
    bill = a_bill()
    said = {"bill_ids": [bill.id], "shown_amount": 52_000, "part": 0, "form_key": KEY, "officer_id": cashier.desk.id}
    dies(doomed, cashier.desk, "take_at_counter", where, TAKING, **said)
    assert balances() == (OWED if where == BEFORE else PAID)
    assert cashier.takes(bill, key=KEY).amount == 52_000
    assert (CounterPayment.objects.count(), balances()) == (1, PAID)
    call_command("ledger_check")


@BOTH
def test_a_cheque_bounces_once_when_it_is_decided_again(
    cashier: Cashier, approver: Desk, doomed: Doomed, where: str
) -> None:
    taken = cashier.takes(a_bill(), cheque="A-100001").payment_id
    told = cashier.desk.does(lambda: services.ask_bounce(payment_id=taken, reason="부도", at=clock.now()))
    dies(doomed, approver, "decide_bounce", where, bounce_id=told, granted=True)
    if where == BEFORE:
        assert (Bounce.objects.get().status, balances()) == ("asked", PAID)
        approver.does(lambda: services.decide_bounce(bounce_id=told, granted=True, at=clock.now()))
    else:
        with pytest.raises(services.DecidedByAnother):
            approver.does(lambda: services.decide_bounce(bounce_id=told, granted=True, at=clock.now()))
    assert (Bounce.objects.get().status, balances()) == ("done", OWED)
    call_command("ledger_check")


@BOTH
def test_what_a_drawer_is_off_by_is_booked_once(cashier: Cashier, approver: Desk, doomed: Doomed, where: str) -> None:
    cashier.takes(a_bill())
    cashier.counts(151_000, note="1,000 won too little")
    dies(doomed, approver, "decide_drawer", where, drawer_id=cashier.drawer, granted=True)
    if where == BEFORE:
        assert (Drawer.objects.get().status, balances()) == ("counted", PAID)
        closes(approver, cashier)
    assert Drawer.objects.get().status == "closed"
    assert balances() == {"clearing": 51_000, "suspense": 1_000, "revenue": -52_000}
    call_command("ledger_check")


# A file is read in one commit, posted in one for each chunk, what is apart in one for each line, and ended in one.
A_FILE = """
posting.CHUNK = 3
{where}
services.post_bank_file(file_id=facts["file"], at=clock.now())
"""
PLACES = {
    "before it is read": "posting.read_bank_file = die",
    "after it was read": "posting.read_bank_file = then_die(posting.read_bank_file)",
    "after the first chunk": "posting._post_chunk = then_die(posting._post_chunk)",
    "before a line apart is committed": "posting._settle = then_die(posting._settle)",
    "after a line apart": "posting._post_apart = then_die(posting._post_apart)",
    "before it is ended": "posting._finish = die",
    "before its end is committed": "posting.conclude = then_die(posting.conclude)",
}


@pytest.mark.parametrize("where", PLACES.values(), ids=PLACES.keys())
def test_slips_of_a_file_are_posted_once_wherever_the_worker_died(doomed: Doomed, where: str) -> None:
    once, twice = a_bill(), a_bill()
    slips = [
        Told(52_000, slip=bill.epay_number, ref=f"G-{place}") for place, bill in enumerate([once, twice, twice, once])
    ]
    content = notice(*map(entry, [*slips, Told(52_000, slip="0" * 19, ref="G-9")]))
    file = services.bring_bank_file(content=content, bank_code="088", name="giro.xml", at=clock.now())
    doomed("worker", A_FILE.format(where=where), file=file)
    services.post_bank_files(at=clock.now())
    assert fates(BankFile.objects.get()) == ["settled"] * 4 + ["suspended"]
    assert Payment.objects.count() == 5
    applied = BillPayment.objects.order_by("pk").values_list("bill_id", "applied", "excess")
    assert sorted(applied) == sorted(
        [(bill.id, *sums) for bill in (once, twice) for sums in ((52_000, 0), (0, 52_000))]
    )
    assert balances() == {"clearing": 260_000, "overpayment": -104_000, "suspense": -52_000, "revenue": -104_000}
    call_command("ledger_check")
