"""The bank put together."""

from __future__ import annotations

import asyncio
import re
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from sandbox import store, web
from sandbox.atm.bank import FAULTS, Bank
from sandbox.atm.line import Line
from sandbox.atm.pages import Pages
from sandbox.faults import Faults
from sandbox.options import BadOption
from sandbox.serve import base_url, free_port, serve


def run(options: Namespace) -> None:
    lock = store.lock(directory=options.store, name="atm")
    line = line_to(options)
    port = free_port(host=options.host, port=options.port)
    base = base_url(host=options.host, port=port)
    serve(app=application(line), host=options.host, port=port, ready=f"ready {base}", finish=lock.close)


def line_to(options: Namespace) -> Line:
    host, _, port = options.city.rpartition(":")
    if not host or not port.isdigit():
        raise BadOption("--city: host:port")
    if not re.fullmatch("[0-9a-f]{64}", options.key):
        raise BadOption("--key: 64 hexadecimal digits")
    if not re.fullmatch("[0-9]{1,11}", options.bank):
        raise BadOption("--bank: digits")
    return Line(host=host, port=int(port), bank=options.bank, key=bytes.fromhex(options.key))


def application(line: Line) -> Starlette:
    faults = Faults(FAULTS)
    pages = Pages(bank=Bank(line=line, faults=faults), faults=faults)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        echoes = asyncio.create_task(line.keep_alive())
        yield
        echoes.cancel()
        line.close()

    return web.application([*pages.routes(), *web.fault_routes(faults)], lifespan=lifespan)
