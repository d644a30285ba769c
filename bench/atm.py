"""Payments at banks' cash machines: a real `atm_host`, connections that stay signed on, MACs checked both ways.

The messages are built by the sandbox's own codec, which knows nothing of the host's.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bench.place import CHECKOUT, Place
from sandbox.atm import wire

BANK = "088"
KEY = bytes(range(32))
CITY = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class Owed:
    """A bill by its number, and what it owes now."""

    number: str
    amount: int


def bills(place: Place, *, first: int, most: int) -> list[Owed]:
    """Unpaid ones behind those that the other figures pay."""
    query = (
        "SELECT b.epay_number, (payments_atm_bill(b.epay_number, now()) ->> 'owed')::bigint FROM billing_bill b "
        "ORDER BY md5(b.id::text) OFFSET %s LIMIT %s"
    )
    with place.as_owner() as connection:
        return [Owed(str(number), int(str(owed))) for number, owed in connection.execute(query, [first, most])]


def payments_per_second(place: Place, *, clients: int, owed: Sequence[Owed]) -> float:
    """All of `owed` paid over `clients` connections."""
    with host(place) as port:
        return asyncio.run(_paid(port, clients, owed)).rate


@dataclass(frozen=True)
class Busy:
    """Payments a second, and the longest that one of the echoes of the idle lines took."""

    rate: float
    slowest_echo: float


def idle_and_busy(port: int, *, idle: int, busy: int, owed: Sequence[Owed]) -> Busy:
    """Pay over `busy` connections while `idle` more are held, then hear an echo on each of those."""
    return asyncio.run(_paid(port, busy, owed, idle=idle))


@contextmanager
def host(place: Place) -> Iterator[int]:
    environment = {
        **place.environment,
        "DJANGO_SETTINGS_MODULE": "etax.settings.intake",
        f"ETAX_ATM_KEY_{BANK}": KEY.hex(),
    }
    command = [sys.executable, "manage.py", "atm_host", "--port", "0", "--always-open"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        if not ready.startswith("ready "):
            raise SystemExit("bench: the ATM host did not start")
        yield int(ready.rpartition(":")[2])
    finally:
        process.terminate()
        process.communicate(timeout=20)


async def _paid(port: int, clients: int, owed: Sequence[Owed], *, idle: int = 0) -> Busy:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    quiet = [await _signed_on(port) for _ in range(idle)]
    lines = [await _signed_on(port) for _ in range(clients)]
    messages = [_payment(stan, one) for stan, one in enumerate(owed)]
    await asyncio.gather(*(_one_after_the_other(line, messages[n : n + 1]) for n, line in enumerate(lines)))
    rest = messages[clients:]
    started = time.perf_counter()
    await asyncio.gather(*(_one_after_the_other(line, rest[n::clients]) for n, line in enumerate(lines)))
    rate = len(rest) / (time.perf_counter() - started)
    slowest = 0.0
    for line in quiet:
        started = time.perf_counter()
        await _one_after_the_other(line, [_network(b"301")])
        slowest = max(slowest, time.perf_counter() - started)
    for _, writer in [*quiet, *lines]:
        writer.close()
    return Busy(rate, slowest)


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _signed_on(port: int) -> Line:
    line = await asyncio.open_connection("127.0.0.1", port)
    await _one_after_the_other(line, [_network(b"001")])
    return line


async def _one_after_the_other(line: Line, messages: Sequence[bytes]) -> None:
    reader, writer = line
    for message in messages:
        writer.write(len(message).to_bytes(2, "big") + message)
        size = int.from_bytes(await reader.readexactly(2), "big")
        _, told = wire.unpack(await reader.readexactly(size), key=KEY)
        assert told[39] == b"00", told


def _network(code: bytes) -> bytes:
    return wire.pack("0800", {**_head(0), 70: code}, key=KEY)


def _payment(stan: int, one: Owed) -> bytes:
    here = datetime.now(CITY)
    fields = {
        **_head(stan),
        3: b"500000",
        4: b"%012d" % one.amount,
        12: f"{here:%H%M%S}".encode(),
        13: f"{here:%m%d}".encode(),
        37: b"000000000001",
        41: b"BENCH001",
        48: wire.element("01", one.number),
        49: b"410",
    }
    return wire.pack("0200", fields, key=KEY)


def _head(stan: int) -> wire.Fields:
    return {7: f"{datetime.now(UTC):%m%d%H%M%S}".encode(), 11: b"%06d" % stan, 32: BANK.encode()}
