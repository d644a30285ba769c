"""The acquirer put together, and its background work."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from sandbox import store, web
from sandbox.acquirer import admin, api, settings
from sandbox.acquirer.answers import Memory
from sandbox.acquirer.bank_pages import BankPages
from sandbox.acquirer.checkout_pages import CheckoutPages
from sandbox.acquirer.courier import Courier
from sandbox.acquirer.gate import Gate
from sandbox.acquirer.house import House
from sandbox.acquirer.outbox import Outbox
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.serve import base_url, free_port, serve

TICK = 0.25
SCHEMA = Path(__file__).with_name("schema.sql")


def run(options: Namespace) -> None:
    lock = store.lock(directory=options.store, name="acquirer")
    port = free_port(host=options.host, port=options.port)
    base = base_url(host=options.host, port=port)
    chosen = settings.read(options=options, base=base)
    db = store.connect(path=options.store / "acquirer-2.sqlite3", schema=SCHEMA.read_text())
    faults = Faults(admin.FAULTS, api.ENDPOINTS, named_only=("transfers",))
    outbox = Outbox(db=db, settings=chosen, faults=faults)
    house = House(db=db, settings=chosen, clock=Clock(db), faults=faults, outbox=outbox)

    def finish() -> None:
        db.close()
        lock.close()

    serve(app=application(house), host=options.host, port=port, ready=f"ready {base}", finish=finish)


def application(house: House) -> Starlette:
    memory = Memory(db=house.db, secret_key=house.settings.secret_key)
    courier = Courier(db=house.db, settings=house.settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work) for work in (courier.run(), _tick(house, memory))]
        for task in tasks:
            task.add_done_callback(_report)
        yield
        for task in tasks:
            task.cancel()
        await courier.stop()

    return web.application(
        [
            *api.routes(Gate(house=house, memory=memory)),
            *CheckoutPages(house=house).routes(),
            *BankPages(house=house, memory=memory).routes(),
            *admin.routes(house),
        ],
        lifespan=lifespan,
    )


async def _tick(house: House, memory: Memory) -> None:
    while True:
        house.tick()
        memory.forget(now=house.clock.now())
        await asyncio.sleep(TICK)


def _report(task: asyncio.Task[None]) -> None:
    """Background work never ends by itself: if it did, say so at once."""
    if not task.cancelled() and task.exception() is not None:
        sys.stderr.write(f"sandbox acquirer: background work stopped: {task.exception()!r}\n")
