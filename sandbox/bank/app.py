"""The banks put together."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from sandbox import store, web
from sandbox.bank.folder import Folder
from sandbox.bank.house import FAULTS, House, read_accounts
from sandbox.bank.pages import Pages
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.options import BadOption
from sandbox.serve import base_url, free_port, serve

SCHEMA = Path(__file__).with_name("schema.sql")
TICK = 0.25
# The way out of a process that dies in the middle.
DIED = 70


def run(options: Namespace) -> None:
    lock = store.lock(directory=options.store, name="bank")
    if options.notice_every <= 0:
        raise BadOption("--notice-every must be above zero")
    accounts = read_accounts(options.accounts)
    port = free_port(host=options.host, port=options.port)
    base = base_url(host=options.host, port=port)
    db = store.connect(path=options.store / "bank-1.sqlite3", schema=SCHEMA.read_text())
    house = House(db=db, accounts=accounts, faults=Faults(FAULTS, codes=CODES), clock=Clock(db))
    folder = Folder(house=house, root=options.folder, stop=lambda: os._exit(DIED))

    def finish() -> None:
        db.close()
        lock.close()

    app = application(house, folder, every=options.notice_every)
    serve(app=app, host=options.host, port=port, ready=f"ready {base}", finish=finish)


# Reasons with which a transfer is rejected: account number wrong, closed, blocked; no money.
CODES = ("AC01", "AC04", "AC06", "AM04")


def application(house: House, folder: Folder, *, every: float) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        working = asyncio.create_task(_work(house, folder, every))
        yield
        working.cancel()

    return web.application([*Pages(house).routes(), *web.fault_routes(house.faults)], lifespan=lifespan)


async def _work(house: House, folder: Folder, every: float) -> None:
    """Files come and go four times a second; notices are written every few seconds."""
    since = every
    while True:
        try:
            if since >= every:
                house.notices()
                since = 0.0
            folder.work()
        except OSError as error:  # the folder is away: what waits in the books waits on
            sys.stderr.write(f"sandbox bank: {error}\n")
        await asyncio.sleep(TICK)
        since += TICK
