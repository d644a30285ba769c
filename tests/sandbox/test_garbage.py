"""Nonsense from anybody: refused by name, never a crash."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox.processes import SECRET_KEY, Acquirer, acquirer

pytestmark = pytest.mark.socket

GOOD = {
    "orderId": "good-0001",
    "amount": 1,
    "currency": "KRW",
    "orderName": "x",
    "locale": "ko",
    "successUrl": "http://127.0.0.1:9/",
    "failUrl": "http://127.0.0.1:9/",
}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"amount": 1e999, "orderId": NaN}',
        b'{"amount":' + b"9" * 60_000 + b"}",
        b'{"orderId": "\\ud800aaaaaa"}',
    ],
)
def test_what_is_no_request_is_refused(gateway: Acquirer, raw: bytes) -> None:
    answer = gateway.http.post("/v1/checkouts", content=raw, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", 0),
        ("amount", -1),
        ("amount", 1.5),
        ("amount", "52000"),
        ("amount", True),
        ("amount", 10**13),
        ("orderId", "short"),
        ("orderId", "주문번호주문번호"),
        ("orderId", "a" * 65),
        ("orderId", "good 0001"),
        ("orderId", None),
        ("currency", "원화원"),
        ("currency", "krw"),
        ("orderName", "line\nbreak"),
        ("orderName", "\ud800"),
        ("locale", "fr"),
        ("successUrl", "javascript:alert(1)"),
        ("successUrl", "http://"),
        ("successUrl", "http://[::1"),
        ("failUrl", "http://a; script-src *"),
        ("failUrl", "http://a:999999/"),
    ],
)
def test_the_wrong_field_is_named(gateway: Acquirer, name: str, value: Any) -> None:
    raw = json.dumps({**GOOD, name: value}).encode()
    answer = gateway.http.post("/v1/checkouts", content=raw, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
    assert name in answer.json()["message"]


def test_too_much_is_refused_with_and_without_a_size(gateway: Acquirer) -> None:
    headers = {"Content-Type": "application/json"}
    declared = gateway.http.post("/v1/checkouts", content=b" " * 70_000, headers=headers)
    streamed = gateway.http.post("/v1/checkouts", content=iter([b" " * 70_000]), headers=headers)
    assert [answer.json()["code"] for answer in (declared, streamed)] == ["REQUEST_TOO_LARGE"] * 2


def test_doors_stay_shut_without_the_key(gateway: Acquirer) -> None:
    for auth in (("wrong", ""), (SECRET_KEY, "password"), ("", "")):
        answer = gateway.http.get("/v1/payments/orders/good-0001", auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED_KEY")
    for broken in (b"Basic \xff", b"Basic ====", b"Basic", b""):
        assert gateway.http.get("/v1/transactions", headers={b"Authorization": broken}, auth=None).status_code == 401


def test_only_json_is_read(gateway: Acquirer) -> None:
    answer = gateway.http.post("/v1/checkouts", data={"orderId": "good-0001"})
    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert gateway.http.post("/bank/transfers", data={"amount": "1"}).status_code == 415


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/v1/payments/%00", 404),
        ("/v1/payments/%ED%A0%80", 404),
        ("/v1/payments/orders/" + "x" * 5000, 404),
        ("/checkout/none", 404),
        ("/bank/done/none", 404),
        ("/static/../serve.py", 404),
        ("/v1/transactions", 400),
        ("/v1/transactions?startDate=x&endDate=y", 400),
        ("/v1/transactions?startDate=0001-01-01&endDate=9999-12-31T23:59:59-23:59&limit=1", 200),
        ("/v1/transactions?startDate=2026-01-01&endDate=2026-01-02&limit=0", 400),
        ("/v1/transactions?startDate=2026-01-01&endDate=2026-01-02&limit=²", 400),
        ("/v1/settlements?startDate=9999-12-31&endDate=9999-12-31", 400),
        ("/v1/settlements?startDate=2026-01-01&endDate=2026-01-02&dateType=x", 400),
        ("/v1/settlements?startDate=2027-01-01&endDate=2026-01-02", 200),
    ],
)
def test_odd_addresses(gateway: Acquirer, path: str, status: int) -> None:
    assert gateway.get(path).status_code == status


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"fault": "earthquake"},
        {"fault": "slow", "seconds": -1},
        {"fault": "slow", "seconds": True},
        {"fault": "slow", "times": 0},
        {"fault": "slow", "endpoint": "everything"},
        {"fault": "lost_answer", "mode": "sideways"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(gateway: Acquirer, fault: dict[str, Any]) -> None:
    assert gateway.post("/sandbox/faults", fault).status_code == 400


def test_an_idempotency_key_is_bounded(gateway: Acquirer) -> None:
    answer = gateway.post("/v1/checkouts", GOOD, **{"Idempotency-Key": "k" * 301})
    assert answer.json()["code"] == "INVALID_IDEMPOTENCY_KEY"


def test_a_refusal_is_remembered_by_its_key(gateway: Acquirer) -> None:
    key = {"Idempotency-Key": "refused-once"}
    assert gateway.post("/v1/checkouts", {**GOOD, "amount": 0}, **key).status_code == 400
    again = gateway.post("/v1/checkouts", GOOD, **key)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (400, "true")


def test_the_message_speaks_the_callers_language(gateway: Acquirer) -> None:
    answer = gateway.http.get("/v1/payments/none", headers={"Accept-Language": "ko-KR"})
    assert answer.json()["message"] == "존재하지 않는 결제입니다."


def test_bytes_that_are_no_http_do_no_harm(gateway: Acquirer) -> None:
    port = urlsplit(str(gateway.http.base_url)).port
    for noise in (b"\x16\x03\x01\x00\xff", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"A" * 100_000):
        with socket.create_connection(("127.0.0.1", port or 0), timeout=5) as connection:
            connection.sendall(noise)
    assert gateway.get("/healthz").json() == {"status": "ok"}


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    with acquirer(tmp_path, "--retry-base", "1") as before:
        before.shop.answers.put(500)
        before.http.post("/sandbox/clock", json={"advance": 86400})
        paid = before.paid("rest-0001")
        before.shop.next(order_id="rest-0001")
    with acquirer(tmp_path) as after:
        assert after.order("rest-0001") == {**paid, "checkout": after.order("rest-0001")["checkout"]}
        assert after.shop.next(order_id="rest-0001").data["status"] == "DONE"
        with pytest.raises(AssertionError, match="did not start"), acquirer(tmp_path):
            pass
