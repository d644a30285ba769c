"""Toss Payments as a real program, and a client of its API."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.sandbox.processes import HEARD_WITHIN, Heard, Shop, program

SECRET_KEY = "test_sk_sandbox"


@dataclass(frozen=True)
class Toss:
    """Every order it starts has a number of its own."""

    http: httpx.Client
    shop: Shop

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.http.post(path, json=body, headers=headers)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def window(self, order_id: str, amount: int = 52000, **changes: Any) -> dict[str, Any]:
        body = {
            "method": "카드",
            "amount": amount,
            "orderId": order_id,
            "orderName": "자동차세 2026년 1기분",
            "successUrl": "http://127.0.0.1:9/paid?lang=ko",
            "failUrl": "http://127.0.0.1:9/failed",
        }
        answer = self.post("/v1/payments", {**body, **changes})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def authenticated(self, order_id: str, *, card: str = "9999000000000012", amount: int = 52000) -> dict[str, Any]:
        """What the shop confirms with, once the payer came back from the window and the issuer's page."""
        made = self.window(order_id, amount)
        form = {"number": card, "expiry": "12/40", "holder": "HONG", "lang": "en"}
        to_issuer = self.http.post(made["checkout"]["url"], data=form)
        assert to_issuer.headers["location"].startswith("/3ds/"), to_issuer.text
        back = self.http.post(to_issuer.headers["location"], data={"code": "824613"})
        assert back.headers["location"].startswith("http://127.0.0.1:9/paid?lang=ko&paymentType=NORMAL&paymentKey=")
        return {"paymentKey": made["paymentKey"], "orderId": order_id, "amount": amount}

    def paid(self, order_id: str, amount: int = 52000) -> dict[str, Any]:
        answer = self.post("/v1/payments/confirm", self.authenticated(order_id, amount=amount))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def account(self, order_id: str, amount: int = 52000, **changes: Any) -> dict[str, Any]:
        body = {"amount": amount, "orderId": order_id, "orderName": "자동차세", "customerName": "홍길동", "bank": "20"}
        answer = self.post("/v1/virtual-accounts", {**body, **changes})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def transfer(self, payment: dict[str, Any], amount: int = 52000) -> httpx.Response:
        body = {"accountNumber": payment["virtualAccount"]["accountNumber"], "amount": amount}
        return self.post("/bank/transfers", body)

    def order(self, order_id: str) -> dict[str, Any]:
        answer = self.get(f"/v1/payments/orders/{order_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def cancel(self, payment: dict[str, Any], **body: Any) -> httpx.Response:
        return self.post(f"/v1/payments/{payment['paymentKey']}/cancel", {"cancelReason": "과오납", **body})

    def fault(self, **fault: Any) -> None:
        answer = self.post("/sandbox/faults", fault)
        assert answer.status_code == 201, answer.text

    def next(self, order_id: str) -> Heard:
        """The next webhook about this order; a DEPOSIT_CALLBACK has no envelope."""
        while True:
            heard = self.shop.heard.get(timeout=HEARD_WITHIN)
            if heard.body.get("data", heard.body)["orderId"] == order_id:
                return heard


@contextlib.contextmanager
def toss(store: Path, *options: str, webhook_url: str | None = None) -> Iterator[Toss]:
    shop = Shop()
    given = ["--port", "0", "--store", str(store), "--secret-key", SECRET_KEY, "--retry-base", "0.05"]
    try:
        with (
            program("toss", *given, "--webhook-url", webhook_url or shop.address, *options) as (address,),
            httpx.Client(base_url=address, auth=(SECRET_KEY, ""), trust_env=False, timeout=10) as http,
        ):
            yield Toss(http=http, shop=shop)
    finally:
        shop.close()
