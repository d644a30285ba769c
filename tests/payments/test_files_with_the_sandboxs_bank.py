"""A bank that exchanges files, played by the sandbox: deposits in, transfers out, statements, and what goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from django.test import override_settings

from accounts.access import Role
from core import clock
from ledger.services import Purpose
from payments import services
from payments.models import Attempt, BankFile, Payment, Transfer, TransferBatch
from payments.reconcile.business_day import business_days
from payments.services import Creditor, Owed, TransferPurpose
from tests.payments.cast import a_bill, balances, today
from tests.payments.days import MONDAY, TUESDAY, close, on, open_differences
from tests.payments.deposits import an_account
from tests.payments.test_cancellations import a_desk
from tests.sandbox.banks import ACCOUNT, NUMBER, WITHIN, Banks, banks
from tests.support.database import AsRole

pytestmark = [pytest.mark.socket, pytest.mark.usefixtures("db")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Banks]:
    with banks(tmp_path_factory.mktemp("banks")) as started:
        yield started


@pytest.fixture
def bank(running: Banks) -> Iterator[Banks]:
    with override_settings(BANK_FILES_FOLDER=str(running.folder)):
        yield running


def taken_until(seen: Callable[[], bool]) -> None:
    """The worker's round, again and again until something is as it should be."""
    until = time.monotonic() + WITHIN
    while not seen():
        assert time.monotonic() < until, list(BankFile.objects.values_list("kind", "status", "reason", "difference"))
        at = clock.now()
        services.collect_bank_files(at=at)
        services.post_bank_files(at=at)
        time.sleep(0.05)


def statements(status: str) -> QuerySet[BankFile]:
    return BankFile.objects.filter(kind__startswith="camt.053", status=status)


def ends_the_day(bank: Banks) -> None:
    before = statements("posted").count()
    bank.ends_the_day()
    taken_until(lambda: statements("posted").count() > before)


def today_agrees() -> None:
    close(business_days(on=today()).calendar.next_working_day(today()), settling=())
    assert open_differences() == []


def test_two_deposits_arrive_by_file_each_at_its_bill_and_the_day_agrees(bank: Banks) -> None:
    named, held = a_bill(), a_bill()
    attempt = an_account(held, number=NUMBER)
    for fault in ("notice_twice", "notice_truncated", "statement_wrong"):
        bank.fault(fault)
    bank.deposits(named.amount, number=ACCOUNT, words=f"지방세 {named.epay_number}")
    bank.deposits(held.amount, number=NUMBER)
    taken_until(lambda: Payment.objects.count() == 2)
    ends_the_day(bank)
    assert set(Payment.objects.values_list("applied", "suspense")) == {(52_000, 0)}
    assert Attempt.objects.get(pk=attempt.pk).status == "paid"
    assert balances() == {"clearing": 104_000, "revenue": -104_000}
    taken_until(lambda: BankFile.objects.filter(status="refused").count() == 2)
    assert "does_not_tie" in BankFile.objects.filter(status="refused").values_list("reason", flat=True)
    today_agrees()
    assert balances() == {"treasury": 104_000, "revenue": -104_000}
    call_command("ledger_check")


def test_a_deposit_taken_back_is_owed_again(bank: Banks) -> None:
    bill = a_bill()
    an_account(bill, number=NUMBER)
    reference = bank.deposits(bill.amount, number=NUMBER)
    taken_until(Payment.objects.exists)
    bank.takes_back(reference)
    ends_the_day(bank)
    assert balances() == {"receivable": 52_000, "revenue": -52_000}
    today_agrees()


def sends(as_role: AsRole, *accounts: str, at: datetime) -> TransferBatch:
    """Transfers of 1,000 won and more, released by two."""
    owed = Owed("11110", "automobile", Purpose.REFUND_PAYABLE)
    for number, account in enumerate(accounts, start=1):
        to = Creditor("020", account, "홍길동")
        purpose, key = TransferPurpose.REFUND, f"{account}"
        services.order_transfer(purpose=purpose, key=key, to=to, amount=number * 1_000, text="환급", owed=owed, at=at)
    (made,) = services.write_transfer_files(at=at)
    batch = TransferBatch.objects.get(pk=made)
    for email, role in (("t@example.kr", Role.TREASURER), ("a@example.kr", Role.APPROVER)):
        desk = a_desk(as_role, email, role)
        desk.does(lambda: services.agree_to_batch(batch_id=batch.pk, digest=batch.digest, at=at))
    assert services.drop_transfer_files(at=at) == 1
    return batch


def states() -> dict[str, str]:
    return dict(Transfer.objects.values_list("key", "status"))


def test_transfers_are_answered_booked_and_returned(
    bank: Banks, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    bank.fault("reject_transfer", orderId="2002", code="AC01")
    bank.fault("return_transfer", orderId="2003")
    sends(as_role, "2001", "2002", "2003", at=on(MONDAY, 10))

    def answered() -> bool:
        deliver_events()
        return "sent" not in states().values()

    taken_until(answered)
    ends_the_day(bank)
    assert states() == {"2001": "booked", "2002": "rejected", "2003": "returned"}
    assert Transfer.objects.get(key="2002").answer == "AC01"
    today_agrees()
    assert balances() == {"refund_payable": 1_000, "treasury": -1_000}
    call_command("ledger_check")
    assert len(bank.http.get("/api/orders").json()) == 3


def test_what_got_no_answer_is_given_again_and_carried_out_once(
    bank: Banks, as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    bank.fault("no_answer")
    at = on(TUESDAY, 10)
    batch = sends(as_role, "3001", at=at)
    ask_at = TransferBatch.objects.get(pk=batch.pk).ask_at
    assert ask_at is not None
    out = bank.folder / "088" / "out"
    until = time.monotonic() + WITHIN
    while list(out.glob("*.xml")) and time.monotonic() < until:
        time.sleep(0.02)
    assert services.drop_transfer_files(at=ask_at) == 1

    def answered() -> bool:
        deliver_events()
        return states()["3001"] != "sent"

    taken_until(answered)
    ends_the_day(bank)
    assert states() == {"3001": "booked"}
    moved = [one["end_to_end"] for one in bank.http.get("/api/transfers").json()]
    assert moved.count(Transfer.objects.get().reference) == 1
    assert balances() == {"refund_payable": 1_000, "clearing": -1_000}
