"""The adapter to the sandbox acquirer keeps the contract of gateways, against the real process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import transaction

from core.db.transactions import TransactionSpansCall
from payments.gateways.base import Capability, Gateway, Unknown
from payments.gateways.sandbox_acquirer import SandboxAcquirer
from tests.payments.contract import (
    AccountContract,
    AccountMoneyBackContract,
    CardMoneyBackContract,
    DebitContract,
    HolderContract,
    ObjectionContract,
    PageContract,
    PhoneEntryContract,
    SettlementContract,
    SignedContract,
    StoreCodeContract,
)
from tests.payments.signing import signed_headers
from tests.payments.world import World, adapter, outside_alone

__all__ = ["outside_alone"]
pytestmark = pytest.mark.socket


@pytest.fixture
def gateway(world: World) -> Iterator[Gateway]:
    with adapter(world) as made:
        yield made


@pytest.fixture
def signed() -> Callable[[bytes], dict[str, str]]:
    return signed_headers


@pytest.fixture
def deaf() -> Iterator[Gateway]:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = SandboxAcquirer(url=f"http://127.0.0.1:{probe.getsockname()[1]}", key="x")
        yield made
        made.close()


class TestSandboxAcquirer(
    PageContract,
    PhoneEntryContract,
    AccountContract,
    StoreCodeContract,
    CardMoneyBackContract,
    AccountMoneyBackContract,
    HolderContract,
    ObjectionContract,
    DebitContract,
    SettlementContract,
    SignedContract,
):
    """Every part of the contract but capturing: its confirmation takes the money."""

    adapter = SandboxAcquirer
    holds = frozenset({Capability.WALLET, Capability.CARRIER})


def test_no_transaction_may_wait_for_the_gateway(db: None, gateway: Gateway) -> None:
    with transaction.atomic(), pytest.raises(TransactionSpansCall):
        gateway.inquire(reference="PAY-ANY")


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b'{"status": "DONE"}', b"[" * 100_000, b"x" * 3_000_000, b'{"totalAmount": 1.5}'],
    ids=["empty", "html", "half", "deep", "huge", "float"],
)
def test_an_answer_that_makes_no_sense_is_unknown(answer: bytes) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            try:
                self.wfile.write(answer)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made = SandboxAcquirer(url=f"http://127.0.0.1:{server.server_port}", key="x")
    try:
        assert isinstance(made.inquire(reference="PAY-ANY"), Unknown)
    finally:
        made.close()
        server.shutdown()
        thread.join()
        server.server_close()
