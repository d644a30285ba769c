"""Payments through the HTTP callback: a real intake process, its connections kept open, signatures checked."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx

from bench.orders import GATEWAY, Message, Order, message
from bench.place import CHECKOUT, Place
from tools.programs import BIN, THREADS

START_WITHIN = 60


def payments_per_second(place: Place, *, clients: int, orders: Sequence[Order], secret: str) -> float:
    """All of `orders`, posted over `clients` connections that are kept open."""
    messages = [message(order, secret=secret) for order in orders]
    with intake(place) as port:
        asyncio.run(_send(port, [_request(one) for one in messages[:clients]], clients))
        rest = [_request(one) for one in messages[clients:]]
        started = time.perf_counter()
        asyncio.run(_send(port, rest, clients))
        return len(rest) / (time.perf_counter() - started)


@contextmanager
def intake(place: Place) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        *(str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning", "--no-ws"),
        "etax.wsgi:application",
    ]
    environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "etax.settings.intake"}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _await(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(url: str) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("bench: the intake process did not start")


def _request(one: Message) -> bytes:
    headers = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(one.body)),
        **one.headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /callbacks/{GATEWAY} HTTP/1.1\r\n{head}\r\n".encode() + one.body


async def _send(port: int, requests: Sequence[bytes], clients: int) -> None:
    await asyncio.gather(*(_one_after_the_other(port, requests[index::clients]) for index in range(clients)))


async def _one_after_the_other(port: int, requests: Sequence[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        if length:
            await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()
