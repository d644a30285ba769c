"""Virtual accounts and the payer's bank."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.sandbox.processes import Acquirer, acquirer

pytestmark = pytest.mark.socket


@pytest.fixture
def own_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acquirer]:
    """For tests that move the clock."""
    with acquirer(tmp_path_factory.mktemp("own")) as started:
        yield started


def test_the_deposit_that_pays_is_told_twice_with_one_movement(gateway: Acquirer) -> None:
    issued = gateway.account("bank-0001")
    moved = gateway.transfer(issued, 52000).json()

    told = [gateway.shop.next(order_id="bank-0001") for _ in range(2)]

    assert {callback.body["eventType"] for callback in told} == {"DEPOSIT_CALLBACK", "PAYMENT_STATUS_CHANGED"}
    assert {callback.data["transactionKey"] for callback in told} == {moved["transactionKey"]}
    deposit = next(callback.data for callback in told if callback.body["eventType"] == "DEPOSIT_CALLBACK")
    assert (deposit["amount"], deposit["status"], deposit["secret"]) == (52000, "DONE", issued["secret"])
    assert deposit["depositedAt"] == moved["depositedAt"]
    assert gateway.order("bank-0001")["status"] == "DONE"


def test_short_over_and_repeated_transfers_are_all_taken(gateway: Acquirer) -> None:
    issued = gateway.account("bank-0002", amount=1000)
    for amount in (400, 400, 400, 1000):
        assert gateway.transfer(issued, amount).status_code == 201
    seen = gateway.order("bank-0002")
    assert (seen["status"], seen["balanceAmount"], seen["virtualAccount"]["depositedAmount"]) == ("DONE", 2200, 2200)
    statuses = [d.data["status"] for d in (gateway.shop.next(order_id="bank-0002") for _ in range(5))]
    assert statuses.count("WAITING_FOR_DEPOSIT") == 2


def test_a_deposit_after_the_due_date_is_taken_and_told(own_gateway: Acquirer) -> None:
    issued = own_gateway.account("bank-0003", validHours=1)
    own_gateway.post("/sandbox/clock", {"advance": 3601})
    assert own_gateway.shop.next(order_id="bank-0003").data["status"] == "EXPIRED"
    assert own_gateway.transfer(issued, 52000).status_code == 201
    late = own_gateway.shop.next(order_id="bank-0003")
    assert (late.body["eventType"], late.data["status"]) == ("DEPOSIT_CALLBACK", "EXPIRED")
    refund = {
        "cancelReason": "late",
        "refundReceiveAccount": {"bank": "20", "accountNumber": "110123456", "holderName": "홍"},
    }
    given = own_gateway.post(f"/v1/payments/{issued['paymentKey']}/cancel", refund).json()
    assert (given["status"], given["virtualAccount"]["refundStatus"]) == ("CANCELED", "COMPLETED")


def test_a_closed_account_refuses_money(gateway: Acquirer) -> None:
    issued = gateway.account("bank-0004")
    path = f"/v1/virtual-accounts/{issued['paymentKey']}/close"
    assert gateway.post(path).json()["status"] == "CANCELED"
    assert gateway.post(path, {}).json()["virtualAccount"]["closed"] is True
    refused = gateway.transfer(issued, 52000)
    assert (refused.status_code, refused.json()["code"]) == (409, "CLOSED_ACCOUNT")


def test_closing_an_account_that_was_paid_shows_the_payment(gateway: Acquirer) -> None:
    issued = gateway.account("bank-0005")
    gateway.transfer(issued, 52000)
    closed = gateway.post(f"/v1/virtual-accounts/{issued['paymentKey']}/close").json()
    assert (closed["status"], closed["virtualAccount"]["closed"]) == ("DONE", True)


def test_the_bank_takes_a_deposit_back(gateway: Acquirer) -> None:
    issued = gateway.account("bank-0006")
    key = gateway.transfer(issued, 52000).json()["transactionKey"]
    back = gateway.post(f"/bank/transfers/{key}/return")
    assert back.json()["originalTransactionKey"] == key
    seen = gateway.order("bank-0006")
    assert (seen["status"], seen["balanceAmount"]) == ("WAITING_FOR_DEPOSIT", 0)
    told = [gateway.shop.next(order_id="bank-0006").data for _ in range(4)]
    assert [facts["kind"] for facts in told] == ["DEPOSIT", "DEPOSIT", "DEPOSIT_RETURN", "DEPOSIT_RETURN"]
    assert gateway.post(f"/bank/transfers/{key}/return").json()["code"] == "ALREADY_RETURNED"


def test_a_refund_to_a_depositor_needs_an_account(gateway: Acquirer) -> None:
    issued = gateway.account("bank-0007")
    gateway.transfer(issued, 60000)
    path = f"/v1/payments/{issued['paymentKey']}/cancel"
    assert gateway.post(path, {"cancelReason": "over"}).json()["code"] == "INVALID_REFUND_ACCOUNT_INFO"
    account = {"bank": "20", "accountNumber": "110123456", "holderName": "홍길동"}
    body = {"cancelReason": "over", "cancelAmount": 8000, "refundReceiveAccount": account}
    part = gateway.post(path, body).json()
    assert (part["status"], part["balanceAmount"]) == ("PARTIAL_CANCELED", 52000)
    nowhere = {**body, "refundReceiveAccount": {**account, "accountNumber": "00000000"}}
    assert gateway.post(path, nowhere).json()["code"] == "INVALID_REFUND_ACCOUNT_NUMBER"


def test_the_bank_page_transfers_once_per_form(gateway: Acquirer) -> None:
    issued = gateway.account("bank-0008")
    number = issued["virtualAccount"]["accountNumber"]
    assert number in gateway.http.get("/bank?lang=en").text
    form = {"accountNumber": number, "amount": "52,000", "depositorName": "", "token": "form-8", "lang": "en"}
    first = gateway.http.post("/bank", data=form)
    again = gateway.http.post("/bank", data=form)
    assert first.headers["location"] == again.headers["location"]
    assert "You have transferred the money" in gateway.http.get(first.headers["location"]).text
    assert gateway.order("bank-0008")["balanceAmount"] == 52000
    wrong = gateway.http.post("/bank", data={**form, "amount": "-1", "token": "form-9"})
    assert wrong.status_code == 422
    assert "Type the amount as a whole number above zero." in wrong.text


def test_lists_agree_with_what_moved(own_gateway: Acquirer) -> None:
    own_gateway.paid("list-0001", amount=100000)
    issued = own_gateway.account("list-0002", amount=1000)
    own_gateway.transfer(issued, 1000)
    whole = "startDate=2020-01-01T00:00:00&endDate=2100-01-01T00:00:00%2B09:00"
    first = own_gateway.get(f"/v1/transactions?{whole}&limit=1").json()
    rest = own_gateway.get(f"/v1/transactions?{whole}&startingAfter={first[0]['transactionKey']}").json()
    assert [(row["kind"], row["amount"]) for row in first + rest] == [("APPROVAL", 100000), ("DEPOSIT", 1000)]
    (deposit,) = own_gateway.get(f"/v1/transactions?{whole}&orderId=list-0002").json()
    assert deposit == rest[0]
    rows = own_gateway.get("/v1/settlements?startDate=2020-01-01&endDate=2100-01-01").json()
    assert [(row["fee"], row["vat"], row["payOutAmount"]) for row in rows] == [(800, 72, 99200), (330, 30, 670)]
    assert all(row["amount"] - row["supplyAmount"] - row["vat"] == row["payOutAmount"] for row in rows)


def test_no_order_of_events_breaks_the_books(own_gateway: Acquirer) -> None:
    """Transfers, returns, refunds, closings and time in any order: no call crashes, and the lists add up."""
    chance = random.Random(20260616)  # noqa: S311 - the same at every run
    refund = {
        "cancelReason": "x",
        "refundReceiveAccount": {"bank": "20", "accountNumber": "110123456", "holderName": "홍"},
    }
    for number in range(8):
        payment, moved = own_gateway.account(f"chance-{number:04d}", amount=100, validHours=2), []
        for _ in range(16):
            key = payment["paymentKey"]
            match chance.choice(["transfer", "transfer", "return", "cancel", "part", "close", "time"]):
                case "transfer":
                    answer = own_gateway.transfer(payment, chance.choice([1, 40, 60, 100, 150]))
                    moved += [answer.json()["transactionKey"]] if answer.status_code == 201 else []
                case "return":
                    answer = own_gateway.post(f"/bank/transfers/{chance.choice(moved or ['none'])}/return")
                case "cancel":
                    answer = own_gateway.post(f"/v1/payments/{key}/cancel", refund)
                case "part":
                    answer = own_gateway.post(f"/v1/payments/{key}/cancel", {**refund, "cancelAmount": 30})
                case "close" if chance.random() < 0.3:
                    answer = own_gateway.post(f"/v1/virtual-accounts/{key}/close")
                case _:
                    answer = own_gateway.post("/sandbox/clock", {"advance": 600})
            assert answer.status_code < 500, answer.text
            seen = own_gateway.order(f"chance-{number:04d}")
            assert seen["balanceAmount"] >= 0
            assert (seen["status"] == "DONE") <= (seen["balanceAmount"] >= 100)
    rows = own_gateway.get("/v1/transactions?startDate=2020-01-01&endDate=2100-01-01&limit=1000").json()
    for number in range(8):
        seen = own_gateway.order(f"chance-{number:04d}")
        own = [row for row in rows if row["paymentKey"] == seen["paymentKey"]]
        held = sum(row["amount"] if row["kind"] == "DEPOSIT" else -row["amount"] for row in own)
        assert held == (seen["balanceAmount"] if own else 0)
        assert not own or own[-1]["transactionKey"] == seen["lastTransactionKey"]
