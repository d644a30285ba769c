"""Callbacks: signature, repetition, and the faults that may be ordered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

import httpx
import pytest

from tests.sandbox.processes import WEBHOOK_KEY, Acquirer, Heard

pytestmark = pytest.mark.socket


def fits(heard: Heard) -> bool:
    """As a reader of the Standard Webhooks specification checks it."""
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.raw
    expected = base64.b64encode(hmac.new(WEBHOOK_KEY, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in heard.headers["webhook-signature"].split(" ")


def test_a_callback_is_signed(gateway: Acquirer) -> None:
    gateway.paid("call-0001")
    heard = gateway.shop.next(order_id="call-0001")
    assert fits(heard)
    assert abs(time.time() - int(heard.headers["webhook-timestamp"])) < 60


def test_a_refused_callback_comes_again_under_the_same_id(gateway: Acquirer) -> None:
    for status in (500, 302):
        gateway.shop.answers.put(status)
    gateway.paid("call-0002")
    heard = [gateway.shop.next(order_id="call-0002") for _ in range(3)]
    assert len({callback.headers["webhook-id"] for callback in heard}) == 1
    assert all(fits(callback) for callback in heard)


def test_gone_stops_the_repetitions(gateway: Acquirer) -> None:
    gateway.shop.answers.put(410)
    gateway.paid("call-0003")
    gateway.shop.next(order_id="call-0003")
    gateway.paid("call-0004")
    gateway.shop.next(order_id="call-0004")
    listed = gateway.get("/sandbox/callbacks?orderId=call-0003").json()
    assert [(row["state"], row["attempts"], row["lastStatus"]) for row in listed] == [("failed", 1, 410)]


def test_a_callback_twice(gateway: Acquirer) -> None:
    gateway.fault(fault="callback_twice", orderId="call-0005")
    gateway.paid("call-0005")
    heard = [gateway.shop.next(order_id="call-0005") for _ in range(2)]
    assert heard[0].raw == heard[1].raw
    assert heard[0].headers["webhook-id"] == heard[1].headers["webhook-id"]


def test_a_late_callback_and_one_that_never_comes(gateway: Acquirer) -> None:
    gateway.fault(fault="callback_late", orderId="call-0006", seconds=0.6)
    gateway.fault(fault="callback_never", orderId="call-0007")
    gateway.paid("call-0007")
    gateway.paid("call-0006")
    paid_at = time.monotonic()
    gateway.shop.next(order_id="call-0006")
    assert time.monotonic() - paid_at > 0.3
    assert [row["state"] for row in gateway.get("/sandbox/callbacks?orderId=call-0007").json()] == ["dropped"]
    key = gateway.get("/sandbox/callbacks?orderId=call-0007").json()[0]["id"]
    assert gateway.post(f"/sandbox/callbacks/{key}/resend").status_code == 202
    assert gateway.shop.next(order_id="call-0007").headers["webhook-id"] == key


def test_callbacks_out_of_order(gateway: Acquirer) -> None:
    gateway.fault(fault="callbacks_out_of_order", orderId="call-0008", seconds=30)
    paid = gateway.paid("call-0008")
    gateway.post(f"/v1/payments/{paid['paymentKey']}/cancel", {"cancelReason": "at once"})
    statuses = [gateway.shop.next(order_id="call-0008").data["status"] for _ in range(2)]
    assert statuses == ["CANCELED", "DONE"]


def test_a_wrong_amount_and_a_bad_signature(gateway: Acquirer) -> None:
    gateway.fault(fault="callback_wrong_amount", orderId="call-0009", amount=1)
    gateway.fault(fault="callback_bad_signature", orderId="call-0009")
    gateway.paid("call-0009")
    heard = gateway.shop.next(order_id="call-0009")
    assert heard.data["amount"] == 1
    assert not fits(heard)
    assert gateway.order("call-0009")["card"]["amount"] == 52000


@pytest.mark.parametrize("mode", ["close", "hang"])
def test_an_answer_lost_on_demand(gateway: Acquirer, mode: str) -> None:
    order_id = f"call-0010-{mode}"
    facts = gateway.authenticated(order_id)
    gateway.fault(fault="lost_answer", endpoint="confirm", orderId=order_id, mode=mode, seconds=0.2)
    with pytest.raises(httpx.RemoteProtocolError):
        gateway.post("/v1/payments/confirm", facts)
    assert gateway.order(order_id)["status"] == "DONE"


def test_an_error_before_and_an_error_after(gateway: Acquirer) -> None:
    facts = gateway.authenticated("call-0011")
    gateway.fault(fault="http_500", endpoint="confirm", orderId="call-0011")
    assert gateway.post("/v1/payments/confirm", facts).status_code == 500
    assert gateway.order("call-0011")["status"] == "IN_PROGRESS"
    gateway.fault(fault="lost_answer", endpoint="confirm", orderId="call-0011", mode="error")
    assert gateway.post("/v1/payments/confirm", facts).json()["code"] == "PROVIDER_ERROR"
    assert gateway.order("call-0011")["status"] == "DONE"


def test_a_slow_call_and_its_impatient_twin(gateway: Acquirer) -> None:
    facts = gateway.authenticated("call-0012")
    gateway.fault(fault="slow", endpoint="confirm", orderId="call-0012", seconds=0.8)
    key = {"Idempotency-Key": "call-12"}
    with pytest.raises(httpx.ReadTimeout):
        gateway.http.post("/v1/payments/confirm", json=facts, headers=key, timeout=0.2)
    twin = gateway.post("/v1/payments/confirm", facts, **key)
    assert (twin.status_code, twin.json()["code"]) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
    assert gateway.shop.next(order_id="call-0012").data["status"] == "DONE"
    assert gateway.post("/v1/payments/confirm", facts, **key).status_code == 200


def test_faults_are_listed_and_removed(gateway: Acquirer) -> None:
    gateway.fault(fault="slow", times=3, orderId="never-used")
    (listed,) = [fault for fault in gateway.get("/sandbox/faults").json() if fault["orderId"] == "never-used"]
    assert listed["remaining"] == 3
    assert gateway.http.delete(f"/sandbox/faults/{listed['id']}").status_code == 204
    assert gateway.http.delete(f"/sandbox/faults/{listed['id']}").status_code == 404
