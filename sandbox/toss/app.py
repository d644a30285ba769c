"""Toss Payments put together."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from starlette.applications import Starlette

from sandbox import gateway, store
from sandbox.answers import Memory
from sandbox.bank_pages import BankPages
from sandbox.card_pages import CardPages
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.gate import Gate
from sandbox.serve import base_url, free_port, serve
from sandbox.toss import api, outbox, settings
from sandbox.toss.counter import Counter
from sandbox.toss.errors import TossError
from sandbox.toss.house import House
from sandbox.toss.windows import Windows

SCHEMA = Path(__file__).with_name("schema.sql")
BROKEN = "FAILED_INTERNAL_SYSTEM_PROCESSING"


def run(options: Namespace) -> None:
    lock = store.lock(directory=options.store, name="toss")
    port = free_port(host=options.host, port=options.port)
    base = base_url(host=options.host, port=port)
    chosen = settings.read(options=options, base=base)
    db = store.connect(path=options.store / "toss.sqlite3", schema=gateway.schema(SCHEMA))
    faults = Faults(api.FAULTS, api.ENDPOINTS, named_only=("transfers",), codes=TossError.catalogue)
    waiting = outbox.Outbox(db=db, settings=chosen, faults=faults)
    house = House(db=db, settings=chosen, clock=Clock(db), faults=faults, outbox=waiting)

    def finish() -> None:
        db.close()
        lock.close()

    serve(app=application(house), host=options.host, port=port, ready=f"ready {base}", finish=finish)


def application(house: House) -> Starlette:
    memory = Memory(db=house.db, secret_key=house.secret_key)
    gate = Gate(house=house, memory=memory, error=TossError, broken=BROKEN, language="ko")
    return gateway.application(
        house=house,
        memory=memory,
        post=outbox.post(house.settings),
        routes=[
            *CardPages(checkouts=Windows(house)).routes(),
            *api.routes(gate),
            *BankPages(counter=Counter(house), memory=memory, index="toss.html").routes(),
            api.forgery(house),
        ],
    )
