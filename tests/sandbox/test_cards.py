"""Paying by card, from the shop's and the payer's side."""

from __future__ import annotations

import threading
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.processes import Acquirer

pytestmark = pytest.mark.socket

DECLINED = "9999000000000020"
NOT_AUTHENTICATED = "9999000000000038"
LOST_ANSWER = "9999000000000046"
LATE = "9999000000000053"


def test_a_card_payment_is_done_only_after_the_shop_confirms(gateway: Acquirer) -> None:
    facts = gateway.authenticated("card-0001")
    assert gateway.order("card-0001")["status"] == "IN_PROGRESS"

    paid = gateway.post("/v1/payments/confirm", facts).json()

    assert (paid["status"], paid["balanceAmount"], paid["card"]["number"]) == ("DONE", 52000, "999900******0012")
    assert paid["approvedAt"].endswith("+09:00")
    assert gateway.get(f"/v1/payments/{facts['paymentKey']}").json() == paid
    told = gateway.shop.next(order_id="card-0001").data
    assert (told["kind"], told["amount"], told["status"]) == ("APPROVAL", 52000, "DONE")
    assert told["transactionKey"] == paid["lastTransactionKey"]


def test_two_confirmations_at_once_charge_once(gateway: Acquirer) -> None:
    facts = gateway.authenticated("card-0002")
    answers: list[httpx.Response] = []
    racers = [
        threading.Thread(target=lambda: answers.append(gateway.post("/v1/payments/confirm", facts))) for _ in range(2)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert {answer.json().get("code") for answer in answers} == {None, "ALREADY_PROCESSED_PAYMENT"}


@pytest.mark.parametrize(
    ("change", "code"),
    [({"amount": 51999}, "INVALID_AMOUNT"), ({"orderId": "card-another"}, "INVALID_ORDER_ID")],
)
def test_confirming_something_else_changes_nothing(gateway: Acquirer, change: dict[str, object], code: str) -> None:
    order_id = f"card-0003-{code}"
    facts = gateway.authenticated(order_id)
    answer = gateway.post("/v1/payments/confirm", {**facts, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert gateway.order(order_id)["status"] == "IN_PROGRESS"


def test_a_declined_card_aborts_the_payment(gateway: Acquirer) -> None:
    facts = gateway.authenticated("card-0004", card=DECLINED)
    answer = gateway.post("/v1/payments/confirm", facts)
    assert (answer.status_code, answer.json()["code"]) == (403, "REJECT_CARD_PAYMENT")
    assert gateway.order("card-0004")["failure"]["code"] == "REJECT_CARD_PAYMENT"
    told = gateway.shop.next(order_id="card-0004").data
    assert (told["status"], told["transactionKey"], told["amount"]) == ("ABORTED", None, None)


def test_a_lost_answer_leaves_a_paid_payment(gateway: Acquirer) -> None:
    facts = gateway.authenticated("card-0005", card=LOST_ANSWER)
    with pytest.raises(httpx.RemoteProtocolError):
        gateway.post("/v1/payments/confirm", facts)
    assert gateway.order("card-0005")["status"] == "DONE"


def test_the_answer_lost_once_comes_again_by_its_idempotency_key(gateway: Acquirer) -> None:
    facts = gateway.authenticated("card-0006", card=LOST_ANSWER)
    with pytest.raises(httpx.RemoteProtocolError):
        gateway.post("/v1/payments/confirm", facts, **{"Idempotency-Key": "confirm-6"})
    again = gateway.post("/v1/payments/confirm", {**facts, "amount": 1}, **{"Idempotency-Key": "confirm-6"})
    assert (again.status_code, again.json()["status"]) == (200, "DONE")
    assert again.headers["Idempotent-Replayed"] == "true"


def test_an_error_may_be_followed_by_money(gateway: Acquirer) -> None:
    facts = gateway.authenticated("card-0007", card=LATE)
    answer = gateway.post("/v1/payments/confirm", facts)
    assert (answer.status_code, answer.json()["code"]) == (500, "PROVIDER_ERROR")
    assert gateway.order("card-0007")["status"] == "IN_PROGRESS"
    assert gateway.shop.next(order_id="card-0007").data["status"] == "DONE"
    assert gateway.order("card-0007")["status"] == "DONE"


def test_the_issuer_may_refuse_the_payer(gateway: Acquirer) -> None:
    made = gateway.checkout("card-0008")
    form = {"number": NOT_AUTHENTICATED, "expiry": "12/40", "holder": "HONG"}
    gateway.http.post(made["checkoutUrl"], data=form)
    back = gateway.http.post(made["checkoutUrl"] + "/confirm", data={"code": "824613"})
    assert parse_qs(urlsplit(back.headers["location"]).query) == {
        "code": ["PAY_PROCESS_ABORTED"],
        "message": ["The card issuer did not confirm the payer."],
        "orderId": ["card-0008"],
    }
    assert gateway.order("card-0008")["status"] == "ABORTED"


def test_three_wrong_codes_end_the_payment(gateway: Acquirer) -> None:
    address = gateway.checkout("card-0009")["checkoutUrl"]
    gateway.http.post(address, data={"number": "9999 0000 0000 0012", "expiry": "12/40", "holder": "HONG"})
    tries = [gateway.http.post(address + "/confirm", data={"code": "000000"}) for _ in range(3)]
    assert [answer.status_code for answer in tries] == [422, 422, 303]
    assert "PAY_PROCESS_ABORTED" in tries[-1].headers["location"]


def test_the_payer_may_give_up_on_either_page(gateway: Acquirer) -> None:
    first = gateway.checkout("card-0010")["checkoutUrl"]
    assert "PAY_PROCESS_CANCELED" in gateway.http.post(first, data={"action": "cancel"}).headers["location"]
    second = gateway.checkout("card-0011")["checkoutUrl"]
    gateway.http.post(second, data={"number": "9999000000000012", "expiry": "12/40", "holder": "HONG"})
    back = gateway.http.post(second + "/confirm", data={"action": "cancel"})
    assert "PAY_PROCESS_CANCELED" in back.headers["location"]
    assert gateway.order("card-0011")["status"] == "ABORTED"


def test_real_card_numbers_are_not_taken(gateway: Acquirer) -> None:
    address = gateway.checkout("card-0012")["checkoutUrl"]
    answer = gateway.http.post(
        address, data={"number": "4242424242424242", "expiry": "01/20", "holder": "", "lang": "en"}
    )
    assert answer.status_code == 422
    for words in ("Only the test cards", "Type a month to come", "Type the name on the card"):
        assert words in answer.text
    assert gateway.order("card-0012")["status"] == "READY"


def test_the_hosted_page_names_where_its_form_may_lead(gateway: Acquirer) -> None:
    answer = gateway.http.get(gateway.checkout("card-0013")["checkoutUrl"])
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:9" in policy
    assert "샌드박스 — 실제 돈이 오가지 않습니다" in answer.text
    assert '<html lang="en">' in gateway.http.get(str(answer.url) + "?lang=en").text


def test_part_is_given_back_and_then_the_rest(gateway: Acquirer) -> None:
    paid = gateway.paid("card-0014", amount=100)
    path = f"/v1/payments/{paid['paymentKey']}/cancel"
    part = gateway.post(path, {"cancelReason": "overpaid", "cancelAmount": 60, "refundableAmount": 100}).json()
    assert (part["status"], part["totalAmount"], part["balanceAmount"]) == ("PARTIAL_CANCELED", 100, 40)
    assert part["cancels"][-1]["refundableAmount"] == 40

    stale = gateway.post(path, {"cancelReason": "overpaid", "cancelAmount": 60, "refundableAmount": 100})
    assert stale.json()["code"] == "NOT_MATCHES_REFUNDABLE_AMOUNT"
    too_much = gateway.post(path, {"cancelReason": "overpaid", "cancelAmount": 60})
    assert too_much.json()["code"] == "NOT_CANCELABLE_AMOUNT"

    assert gateway.post(path, {"cancelReason": "rest"}).json()["status"] == "CANCELED"
    assert gateway.post(path, {"cancelReason": "again"}).json()["code"] == "ALREADY_CANCELED_PAYMENT"
    assert gateway.order("card-0014")["card"]["transactionKey"] == paid["lastTransactionKey"]
    statuses = [gateway.shop.next(order_id="card-0014").data["status"] for _ in range(3)]
    assert statuses == ["DONE", "PARTIAL_CANCELED", "CANCELED"]


def test_an_order_number_names_one_payment(gateway: Acquirer) -> None:
    gateway.checkout("card-0015")
    again = gateway.post(
        "/v1/virtual-accounts",
        {"orderId": "card-0015", "amount": 1, "currency": "KRW", "orderName": "x", "customerName": "x", "bank": "20"},
    )
    assert (again.status_code, again.json()["code"]) == (400, "DUPLICATED_ORDER_ID")
