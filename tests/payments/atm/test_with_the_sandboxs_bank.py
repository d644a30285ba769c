"""The sandbox's bank, written from the protocol's page alone, at the city's host: lookups, payments, faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from accounts.selectors import payer_number
from payments.models import Payment
from tests.payments.atm.bank import CODE, KEY
from tests.payments.cast import BillFacts, a_bill, balances
from tests.sandbox.processes import program

pytestmark = pytest.mark.socket


@pytest.fixture(scope="module")
def machine(host: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    store = str(tmp_path_factory.mktemp("atm"))
    told = ["--port", "0", "--store", store, "--city", f"127.0.0.1:{host}", "--bank", CODE, "--key", KEY.hex()]
    with program("atm", *told) as (url,), httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def pay(machine: httpx.Client, bill: BillFacts, *, fault: str = "", **more: Any) -> dict[str, Any]:
    if fault:
        assert machine.post("/sandbox/faults", json={"fault": fault}).status_code == 201
    answer = machine.post("/api/payments", json={"number": bill.epay_number, "amount": bill.amount, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_person_looks_a_bill_up_and_pays_it_on_the_page(machine: httpx.Client, bill: BillFacts) -> None:
    shown = machine.get("/", params={"number": bill.epay_number, "lang": "ko"}).text
    assert "52,000" in shown
    assert "자동차세" in shown
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', shown))
    paid = machine.post("/pay", data={name: hidden[name] for name in ("lang", "token", "number", "amount")})
    slip = machine.get(paid.headers["location"]).text
    assert "납부가 완료되었습니다" in slip
    assert Payment.objects.get().applied == 52_000
    again = machine.get("/", params={"number": bill.epay_number, "lang": "en"})
    assert again.status_code == 422
    assert "This bill is paid." in again.text


def test_all_bills_of_a_payer_are_offered(machine: httpx.Client, bill: BillFacts) -> None:
    a_bill(of=bill)
    told = machine.post("/api/inquiry", json={"number": payer_number(taxpayer_id=bill.taxpayer_id)}).json()
    assert (told["code"], len(told["bills"]), told["next"]) == ("00", 2, 0)


def test_said_twice_is_paid_once(machine: httpx.Client, bill: BillFacts) -> None:
    told = pay(machine, bill, fault="repeat")
    assert (told["state"], told["same_answer"]) == ("paid", True)
    assert Payment.objects.count() == 1


def test_a_reversal_that_overtakes_its_payment_leaves_nothing(machine: httpx.Client, bill: BillFacts) -> None:
    told = pay(machine, bill, fault="reversal_first")
    assert (told["state"], told["code"]) == ("declined", "A2")
    assert Payment.objects.count() == 0
    assert pay(machine, bill)["state"] == "paid"


def test_a_message_cut_in_the_middle_leaves_nothing(machine: httpx.Client, bill: BillFacts) -> None:
    assert pay(machine, bill, fault="truncated")["state"] == "reversed"
    assert Payment.objects.count() == 0


def test_a_wrong_mac_pays_nothing(machine: httpx.Client, bill: BillFacts) -> None:
    assert pay(machine, bill, fault="wrong_mac")["code"] == "63"
    assert Payment.objects.count() == 0


def test_a_late_answer_is_taken_back(machine: httpx.Client, bill: BillFacts) -> None:
    assert pay(machine, bill, fault="late_answer")["state"] == "reversed"
    assert balances().get("clearing", 0) == 0
    assert pay(machine, bill)["state"] == "paid"
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


def test_what_the_bank_took_already_is_taken(machine: httpx.Client, bill: BillFacts) -> None:
    assert pay(machine, bill, advice=True)["state"] == "paid"
    assert pay(machine, bill, advice=True)["state"] == "paid"
    assert balances()["overpayment"] == -52_000


def test_a_number_that_is_none_is_explained(machine: httpx.Client, bill: BillFacts) -> None:
    answer = machine.get("/", params={"number": "12 34", "lang": "en"})
    assert answer.status_code == 422
    assert "Type 19 digits" in answer.text
