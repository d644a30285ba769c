"""Starts the real programs of the sandbox, and a shop that hears their callbacks."""

from __future__ import annotations

import base64
import contextlib
import json
import queue
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
START_WITHIN = 30.0
HEARD_WITHIN = 10.0
SECRET_KEY = "sandbox_sk_test"
WEBHOOK_KEY = bytes(range(32))
WEBHOOK_SECRET = "whsec_" + base64.b64encode(WEBHOOK_KEY).decode()


@contextlib.contextmanager
def program(*arguments: str) -> Iterator[list[str]]:
    """The addresses that `python -m sandbox …` says it answers at. Stopped by its process id."""
    command = [sys.executable, "-m", "sandbox", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        readable, _, _ = select.select([process.stdout], [], [], START_WITHIN)
        line = process.stdout.readline() if readable else ""
        assert line.startswith("ready "), f"{arguments[0]} did not start: {line!r}"
        yield line.split()[1:]
    finally:
        process.terminate()
        code = process.wait(timeout=10)
        process.stdout.close()
    assert code == 0


@dataclass(frozen=True)
class Heard:
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.body["data"])


# As it was before any test: those that may not talk to a network have it taken away.
SOCKET = socket.socket


class Ears(ThreadingHTTPServer):
    """Outlives the test that opened it: what comes late, while a test without a network runs, is heard all the same."""

    def get_request(self) -> tuple[socket.socket, Any]:
        number, address = self.socket._accept()  # type: ignore[attr-defined]
        heard = SOCKET(self.socket.family, self.socket.type, self.socket.proto, fileno=number)
        heard.setblocking(True)
        return heard, address


class Shop:
    """Hears callbacks; answers with the statuses it was told, then with 200. Payers who come back find a page."""

    def __init__(self) -> None:
        self.heard: queue.Queue[Heard] = queue.Queue()
        self.answers: queue.Queue[int] = queue.Queue()
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = 200
                with contextlib.suppress(queue.Empty):
                    status = shop.answers.get_nowait()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                shop.heard.put(Heard(headers, raw, json.loads(raw)))

            def do_GET(self) -> None:
                page = b'<!DOCTYPE html><html lang="en"><title>shop</title><h1>Back at the shop</h1>'
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Silence."""

        self._server = Ears(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self.address = f"{self.base}/callbacks"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def next(self, *, order_id: str) -> Heard:
        """The next callback about this order or mandate; others are passed over."""
        while True:
            heard = self.heard.get(timeout=HEARD_WITHIN)
            if order_id in {heard.data.get("orderId"), heard.data.get("mandateId")}:
                return heard

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass(frozen=True)
class Acquirer:
    """A client of the API; every order it starts has a number of its own."""

    http: httpx.Client
    shop: Shop

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.http.post(path, json=body, headers=headers)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def checkout(self, order_id: str, amount: int = 52000, **changes: Any) -> dict[str, Any]:
        body = {
            "orderId": order_id,
            "amount": amount,
            "currency": "KRW",
            "orderName": "자동차세 2026년 1기분",
            "locale": "ko",
            "successUrl": "http://127.0.0.1:9/paid?lang=ko",
            "failUrl": "http://127.0.0.1:9/failed",
        }
        answer = self.post("/v1/checkouts", {**body, **changes})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def authenticated(self, order_id: str, *, card: str = "9999000000000012", amount: int = 52000) -> dict[str, Any]:
        """What the shop confirms with, once the payer came back from the hosted pages."""
        made = self.checkout(order_id, amount)
        address = made["checkoutUrl"]
        form = {"number": card, "expiry": "12/40", "holder": "HONG", "lang": "en"}
        assert self.http.post(address, data=form).status_code == 303
        back = self.http.post(address + "/confirm", data={"code": "824613"})
        assert back.headers["location"].startswith("http://127.0.0.1:9/paid?lang=ko&paymentKey="), back.headers
        return {"paymentKey": made["paymentKey"], "orderId": order_id, "amount": amount}

    def paid(self, order_id: str, amount: int = 52000) -> dict[str, Any]:
        answer = self.post("/v1/payments/confirm", self.authenticated(order_id, amount=amount))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def account(self, order_id: str, amount: int = 52000, **changes: Any) -> dict[str, Any]:
        body = {
            "orderId": order_id,
            "amount": amount,
            "currency": "KRW",
            "orderName": "자동차세",
            "customerName": "홍길동",
            "bank": "20",
        }
        answer = self.post("/v1/virtual-accounts", {**body, **changes})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def transfer(self, payment: dict[str, Any], amount: int, **headers: str) -> httpx.Response:
        body = {"accountNumber": payment["virtualAccount"]["accountNumber"], "amount": amount}
        return self.post("/bank/transfers", body, **headers)

    def order(self, order_id: str) -> dict[str, Any]:
        answer = self.get(f"/v1/payments/orders/{order_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def fault(self, **fault: Any) -> None:
        answer = self.post("/sandbox/faults", fault)
        assert answer.status_code == 201, answer.text


@contextlib.contextmanager
def acquirer(store: Path, *options: str) -> Iterator[Acquirer]:
    shop = Shop()
    given = ["--port", "0", "--store", str(store), "--secret-key", SECRET_KEY, "--webhook-secret", WEBHOOK_SECRET]
    try:
        with (
            program("acquirer", *given, "--webhook-url", shop.address, "--retry-base", "0.05", *options) as (address,),
            httpx.Client(base_url=address, auth=(SECRET_KEY, ""), trust_env=False, timeout=10) as http,
        ):
            yield Acquirer(http=http, shop=shop)
    finally:
        shop.close()
