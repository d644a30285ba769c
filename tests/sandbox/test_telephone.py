"""A card typed on telephone keys at the acquirer: the call, the keys, and what the shop is told."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.sandbox.processes import Acquirer

pytestmark = pytest.mark.socket


def entry(gateway: Acquirer, **changes: Any) -> dict[str, Any]:
    body = {
        "orderId": f"ORDER-{secrets.token_hex(6)}",
        "amount": 52000,
        "currency": "KRW",
        "orderName": "자동차세 2026년 1기분",
        "locale": "ko",
        "telephone": f"0109998{secrets.randbelow(10_000):04d}",
    }
    answer = gateway.post("/v1/phone-entries", {**body, **changes})
    return {**body, **changes, "status_code": answer.status_code, **answer.json()}


def test_the_shop_is_told_that_the_payer_agreed_since_no_browser_comes_back(gateway: Acquirer) -> None:
    made = entry(gateway)
    address = f"/phone/{made['paymentKey']}"
    assert gateway.http.post(address, data={"card": "9999 0000 0000 0012", "expiry": "1240"}).status_code == 303
    assert gateway.http.post(address + "/consent", data={"consent": "1"}).status_code == 303
    heard = gateway.shop.next(order_id=made["orderId"])
    assert (heard.data["status"], heard.data["transactionKey"]) == ("IN_PROGRESS", None)
    assert "9999000000000012" not in heard.raw.decode()


def test_a_telephone_is_in_one_call_at_a_time(gateway: Acquirer) -> None:
    made = entry(gateway)
    number = gateway.order(made["orderId"])["phoneEntry"]["telephone"]
    assert number == f"010****{number[-4:]}"
    full = f"0109998{number[-4:]}"
    assert entry(gateway, telephone=full)["code"] == "TELEPHONE_BUSY"


@pytest.mark.parametrize("telephone", ["", "010-9998-0012", "12345678", "０１０９９９８００１２", 1099980012])
def test_what_is_no_telephone_number_is_refused(gateway: Acquirer, telephone: object) -> None:
    assert entry(gateway, telephone=telephone)["code"] == "INVALID_REQUEST"


def test_the_third_card_that_nobody_knows_ends_the_call(gateway: Acquirer) -> None:
    made = entry(gateway)
    address = f"/phone/{made['paymentKey']}"
    wrong = {"card": "1234567812345678", "expiry": "1240", "lang": "en"}
    assert [gateway.http.post(address, data=wrong).status_code for _ in range(3)] == [422, 422, 200]
    assert gateway.order(made["orderId"])["failure"]["code"] == "PAY_PROCESS_ABORTED"


def test_a_telephone_that_nobody_calls_is_told_so_and_the_browser_has_no_page_of_a_call(gateway: Acquirer) -> None:
    assert gateway.http.post("/phone", data={"telephone": "01099989999", "lang": "en"}).status_code == 422
    made = entry(gateway)
    assert gateway.http.get(f"/checkout/{made['paymentKey']}").status_code == 404
    assert gateway.order(made["orderId"])["checkout"] is None
