"""Toss Payments as it is published: window, confirmation, virtual accounts, cancellations, webhooks, lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.toss.errors import TossError
from tests.sandbox.toss import Toss, toss

pytestmark = pytest.mark.socket
REFUND = {"bank": "20", "accountNumber": "110123456", "holderName": "홍길동"}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toss]:
    with toss(tmp_path_factory.mktemp("toss")) as started:
        yield started


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_card_is_authenticated_confirmed_once_and_told_unsigned(gateway: Toss) -> None:
    facts = gateway.authenticated("card-0001")
    assert gateway.order("card-0001")["status"] == "IN_PROGRESS"
    paid = gateway.post("/v1/payments/confirm", facts).json()
    assert (paid["status"], paid["method"], paid["balanceAmount"], paid["vat"]) == ("DONE", "카드", 52000, 4727)
    assert refusal(gateway.post("/v1/payments/confirm", facts)) == (400, "ALREADY_PROCESSED_PAYMENT")
    told = gateway.next("card-0001")
    assert told.body["eventType"] == "PAYMENT_STATUS_CHANGED"
    assert told.data["lastTransactionKey"] == paid["lastTransactionKey"]
    assert len(told.body["createdAt"]) == len("2026-01-01T00:00:00.000000")
    assert told.headers["tosspayments-webhook-transmission-retried-count"] == "0"
    assert not any("signature" in name for name in told.headers)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 51999}, (400, "INVALID_REQUEST")),
        ({"orderId": "another-order"}, (404, "NOT_FOUND_PAYMENT_SESSION")),
        ({"paymentKey": "nothing"}, (404, "NOT_FOUND_PAYMENT")),
    ],
)
def test_what_does_not_match_is_not_confirmed(gateway: Toss, changes: dict[str, Any], code: tuple[int, str]) -> None:
    order_id = f"card-0002-{code[1][:14]}"
    facts = gateway.authenticated(order_id)
    assert refusal(gateway.post("/v1/payments/confirm", {**facts, **changes})) == code
    assert gateway.order(order_id)["status"] == "IN_PROGRESS"


def test_a_confirmation_after_ten_minutes_finds_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    with toss(tmp_path_factory.mktemp("own")) as own:
        facts = own.authenticated("card-0003")
        own.post("/sandbox/clock", {"advance": 601})
        assert own.next("card-0003").data["status"] == "EXPIRED"
        assert refusal(own.post("/v1/payments/confirm", facts)) == (404, "NOT_FOUND_PAYMENT_SESSION")


def test_a_declined_card_and_one_whose_issuer_says_no(gateway: Toss) -> None:
    facts = gateway.authenticated("card-0004", card="9999000000000020")
    assert refusal(gateway.post("/v1/payments/confirm", facts)) == (403, "REJECT_CARD_PAYMENT")
    assert gateway.next("card-0004").data["failure"]["code"] == "REJECT_CARD_PAYMENT"
    made = gateway.window("card-0005")
    form = {"number": "9999000000000038", "expiry": "12/40", "holder": "HONG"}
    to_issuer = gateway.http.post(made["checkout"]["url"], data=form).headers["location"]
    back = parse_qs(urlsplit(gateway.http.post(to_issuer, data={"code": "824613"}).headers["location"]).query)
    assert (back["code"], back["orderId"]) == (["PAY_PROCESS_ABORTED"], ["card-0005"])


def test_a_payer_who_gives_up_changes_nothing_and_may_come_again(gateway: Toss) -> None:
    made = gateway.window("card-0006")
    back = gateway.http.post(made["checkout"]["url"], data={"action": "cancel"}).headers["location"]
    assert "code=PAY_PROCESS_CANCELED" in back
    assert "orderId" not in back
    assert gateway.order("card-0006")["status"] == "READY"
    assert gateway.http.get(made["checkout"]["url"]).status_code == 200


def test_an_order_that_was_approved_is_used_up(gateway: Toss) -> None:
    gateway.window("card-0007")
    gateway.paid("card-0007")
    body = {"amount": 52000, "orderId": "card-0007", "orderName": "x", "customerName": "홍", "bank": "20"}
    assert refusal(gateway.post("/v1/virtual-accounts", body)) == (400, "DUPLICATED_ORDER_ID")
    assert gateway.order("card-0007")["status"] == "DONE"


def test_a_card_is_cancelled_in_parts_and_stays_partly_cancelled(gateway: Toss) -> None:
    paid = gateway.paid("card-0008")
    part = gateway.cancel(paid, cancelAmount=2000, refundableAmount=52000).json()
    assert (part["status"], part["totalAmount"], part["balanceAmount"]) == ("PARTIAL_CANCELED", 52000, 50000)
    assert refusal(gateway.cancel(paid, refundableAmount=52000)) == (400, "NOT_MATCHES_REFUNDABLE_AMOUNT")
    assert refusal(gateway.cancel(paid, cancelAmount=50001)) == (403, "NOT_CANCELABLE_AMOUNT")
    rest = gateway.cancel(paid).json()
    assert (rest["status"], rest["balanceAmount"], len(rest["cancels"])) == ("PARTIAL_CANCELED", 0, 2)
    assert refusal(gateway.cancel(paid)) == (403, "NOT_CANCELABLE_AMOUNT")
    whole = gateway.paid("card-0009")
    assert gateway.cancel(whole).json()["status"] == "CANCELED"
    assert refusal(gateway.cancel(whole)) == (400, "ALREADY_CANCELED_PAYMENT")


def test_an_account_takes_its_exact_amount_once(gateway: Toss) -> None:
    issued = gateway.account("bank-0001")
    assert (issued["status"], issued["approvedAt"]) == ("WAITING_FOR_DEPOSIT", None)
    for amount in (51999, 52001):
        assert refusal(gateway.transfer(issued, amount)) == (409, "WRONG_AMOUNT")
    assert gateway.transfer(issued).status_code == 201
    assert refusal(gateway.transfer(issued)) == (409, "NOT_WAITING")
    assert gateway.order("bank-0001")["status"] == "DONE"


def test_a_deposit_is_told_twice_and_only_one_names_the_money(gateway: Toss) -> None:
    issued = gateway.account("bank-0002")
    gateway.transfer(issued)
    told = [gateway.next("bank-0002").body for _ in range(4)]
    callbacks = [body for body in told if "eventType" not in body]
    assert [body["status"] for body in callbacks] == ["WAITING_FOR_DEPOSIT", "DONE"]
    assert set(callbacks[1]) == {"createdAt", "secret", "status", "transactionKey", "orderId"}
    assert callbacks[1]["secret"] == issued["secret"]
    assert [body["data"]["status"] for body in told if "eventType" in body] == ["WAITING_FOR_DEPOSIT", "DONE"]


def test_the_bank_takes_a_deposit_back_and_takes_another(gateway: Toss) -> None:
    issued = gateway.account("bank-0003")
    number = gateway.transfer(issued).json()["transfer"]
    assert gateway.post(f"/bank/transfers/{number}/return").status_code == 201
    seen = gateway.order("bank-0003")
    assert (seen["status"], seen["approvedAt"], seen["balanceAmount"]) == ("WAITING_FOR_DEPOSIT", None, 52000)
    assert refusal(gateway.post(f"/bank/transfers/{number}/return")) == (409, "ALREADY_RETURNED")
    assert gateway.transfer(issued).status_code == 201
    again = gateway.order("bank-0003")
    assert (again["status"], again["lastTransactionKey"]) == ("DONE", issued["lastTransactionKey"])


def test_after_the_due_date_the_bank_refuses_and_nobody_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    with toss(tmp_path_factory.mktemp("own")) as own:
        issued = own.account("bank-0004", validHours=1)
        own.next("bank-0004"), own.next("bank-0004")
        own.post("/sandbox/clock", {"advance": 3601})
        assert refusal(own.transfer(issued)) == (409, "NOT_WAITING")
        seen = own.order("bank-0004")
        assert (seen["status"], seen["virtualAccount"]["expired"]) == ("WAITING_FOR_DEPOSIT", True)
        assert len(own.get("/sandbox/callbacks?orderId=bank-0004").json()) == 2


def test_an_account_is_called_off_whole_and_paid_back_to_an_account(gateway: Toss) -> None:
    issued = gateway.account("bank-0005")
    code = (403, "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT")
    assert refusal(gateway.cancel(issued, cancelAmount=1000)) == code
    off = gateway.cancel(issued).json()
    assert (off["status"], off["balanceAmount"], off["cancels"][0]["cancelAmount"]) == ("CANCELED", 0, 52000)
    assert refusal(gateway.transfer(issued)) == (409, "NOT_WAITING")
    paid = gateway.account("bank-0006")
    gateway.transfer(paid)
    assert refusal(gateway.cancel(paid)) == (400, "INVALID_REFUND_ACCOUNT_INFO")
    nowhere = gateway.cancel(paid, refundReceiveAccount={**REFUND, "accountNumber": "000000"})
    assert refusal(nowhere) == (400, "INVALID_REFUND_ACCOUNT_NUMBER")
    given = gateway.cancel(paid, cancelAmount=2000, refundReceiveAccount=REFUND).json()
    assert (given["status"], given["virtualAccount"]["refundStatus"]) == ("PARTIAL_CANCELED", "PENDING")


def test_an_idempotency_key_repeats_the_first_answer_whatever_the_body_says(gateway: Toss) -> None:
    first, second = gateway.authenticated("once-0001"), gateway.authenticated("once-0002")
    key = {"Idempotency-Key": "the-same"}
    one = gateway.post("/v1/payments/confirm", first, **key)
    assert gateway.post("/v1/payments/confirm", second, **key).json() == one.json()
    assert gateway.order("once-0002")["status"] == "IN_PROGRESS"


def test_only_200_ends_the_repetitions(tmp_path_factory: pytest.TempPathFactory) -> None:
    with toss(tmp_path_factory.mktemp("own")) as own:
        for status in (204, 410):
            own.shop.answers.put(status)
        own.paid("call-0001")
        heard = [own.next("call-0001").headers for _ in range(3)]
    assert len({one["tosspayments-webhook-transmission-id"] for one in heard}) == 1
    assert [one["tosspayments-webhook-transmission-retried-count"] for one in heard] == ["0", "1", "2"]


def test_webhooks_come_late_twice_in_another_order_never_and_forged(gateway: Toss) -> None:
    gateway.fault(fault="callback_twice", orderId="call-0002")
    gateway.paid("call-0002")
    assert gateway.next("call-0002").raw == gateway.next("call-0002").raw
    gateway.fault(fault="callbacks_out_of_order", orderId="call-0003", seconds=30)
    gateway.cancel(gateway.paid("call-0003"))
    assert [gateway.next("call-0003").data["status"] for _ in range(2)] == ["CANCELED", "DONE"]
    gateway.fault(fault="callback_never", orderId="call-0004")
    gateway.paid("call-0004")
    assert [row["state"] for row in gateway.get("/sandbox/callbacks?orderId=call-0004").json()] == ["dropped"]
    forged = {"secret": "ps_guess", "status": "DONE", "orderId": "call-0005", "transactionKey": "X", "createdAt": "x"}
    assert gateway.post("/sandbox/forgeries", {"orderId": "call-0005", "body": forged}).status_code == 202
    assert gateway.next("call-0005").body == forged


def test_faults_before_and_after_and_any_code(gateway: Toss) -> None:
    facts = gateway.authenticated("call-0006")
    gateway.fault(fault="http_500", endpoint="confirm", orderId="call-0006")
    assert refusal(gateway.post("/v1/payments/confirm", facts)) == (500, "FAILED_INTERNAL_SYSTEM_PROCESSING")
    gateway.fault(fault="refuse", endpoint="confirm", orderId="call-0006", code="FORBIDDEN_CONSECUTIVE_REQUEST")
    assert refusal(gateway.post("/v1/payments/confirm", facts)) == (403, "FORBIDDEN_CONSECUTIVE_REQUEST")
    assert gateway.order("call-0006")["status"] == "IN_PROGRESS"
    gateway.fault(fault="lost_answer", endpoint="confirm", orderId="call-0006")
    with pytest.raises(httpx.RemoteProtocolError):
        gateway.post("/v1/payments/confirm", facts)
    assert gateway.order("call-0006")["status"] == "DONE"
    assert refusal(gateway.post("/sandbox/faults", {"fault": "refuse", "code": "NO_SUCH"})) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bank": "99"}, "INVALID_BANK"),
        ({"amount": 199}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": "52000"}, "INVALID_REQUEST"),
        ({"orderId": "short"}, "INVALID_REQUEST"),
        ({"validHours": 2161}, "EXCEED_MAX_VALID_HOURS"),
        ({"validHours": 1, "dueDate": "2099-01-01T00:00:00"}, "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE"),
        ({"dueDate": "2099-01-01T00:00:00"}, "EXCEED_MAX_DUE_DATE"),
        ({"currency": "USD"}, "INVALID_CURRENCY"),
    ],
)
def test_an_account_that_cannot_be_issued(gateway: Toss, changes: dict[str, Any], code: str) -> None:
    body = {"amount": 52000, "orderId": "bad-000001", "orderName": "x", "customerName": "홍길동", "bank": "20"}
    assert refusal(gateway.post("/v1/virtual-accounts", {**body, **changes})) == (400, code)


def test_without_the_key_nothing_is_told(gateway: Toss) -> None:
    assert refusal(httpx.get(f"{gateway.http.base_url}/v1/transactions", trust_env=False)) == (401, "UNAUTHORIZED_KEY")


def test_the_lists_say_what_stood_and_from_the_next_day_what_is_paid_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with toss(tmp_path_factory.mktemp("own")) as own:
        paid, issued = own.paid("list-0001", amount=100000), own.account("list-0002", amount=1000)
        own.post(f"/bank/transfers/{own.transfer(issued, 1000).json()['transfer']}/return")
        own.transfer(issued, 1000)
        own.cancel(paid, cancelAmount=40000)
        whole = "startDate=2020-01-01&endDate=2099-01-01"
        first = own.get(f"/v1/transactions?{whole}&limit=1").json()
        rest = own.get(f"/v1/transactions?{whole}&startingAfter={first[0]['transactionKey']}").json()
        listed = [(row["status"], row["amount"]) for row in first + rest]
        assert listed == [("DONE", 100000), ("DONE", 1000), ("PARTIAL_CANCELED", 40000)]
        assert own.get(f"/v1/settlements?{whole}").json() == []
        own.post("/sandbox/clock", {"advance": 24 * 3600})
        rows = own.get(f"/v1/settlements?{whole}").json()
        sums = [(row["amount"], row["fee"], row["vat"], row["payOutAmount"]) for row in rows]
        assert sums == [(100000, 1500, 136, 98500), (1000, 440, 40, 560), (-40000, -600, -54, -39400)]
        assert rows[2]["cancel"]["cancelAmount"] == 40000
        assert rows[2]["approvedAt"] == rows[0]["approvedAt"]


def test_every_code_has_both_messages() -> None:
    assert all(any("가" <= mark <= "힣" for mark in ko) and en.isascii() for _, en, ko in TossError.catalogue.values())
