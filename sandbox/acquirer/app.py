"""The acquirer put together."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from starlette.applications import Starlette

from sandbox import gateway, store
from sandbox.acquirer import api, settings, signing
from sandbox.acquirer.checkouts import Checkouts
from sandbox.acquirer.counter import Counter
from sandbox.acquirer.house import House
from sandbox.acquirer.mandate_pages import MandatePages
from sandbox.acquirer.outbox import Outbox
from sandbox.acquirer.telephone import TelephonePages
from sandbox.acquirer.till import TillPages
from sandbox.answers import Memory
from sandbox.bank_pages import BankPages
from sandbox.card_pages import CardPages
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.gate import Gate
from sandbox.serve import base_url, free_port, serve

SCHEMA = Path(__file__).with_name("schema.sql")


def run(options: Namespace) -> None:
    lock = store.lock(directory=options.store, name="acquirer")
    port = free_port(host=options.host, port=options.port)
    base = base_url(host=options.host, port=port)
    chosen = settings.read(options=options, base=base)
    db = store.connect(path=options.store / "acquirer-6.sqlite3", schema=gateway.schema(SCHEMA))
    faults = Faults(api.FAULTS, api.ENDPOINTS, named_only=("transfers", "till"))
    outbox = Outbox(db=db, settings=chosen, faults=faults)
    house = House(db=db, settings=chosen, clock=Clock(db), faults=faults, outbox=outbox)

    def finish() -> None:
        db.close()
        lock.close()

    serve(app=application(house), host=options.host, port=port, ready=f"ready {base}", finish=finish)


def application(house: House) -> Starlette:
    memory = Memory(db=house.db, secret_key=house.secret_key)
    return gateway.application(
        house=house,
        memory=memory,
        post=signing.post(house.settings),
        routes=[
            *api.routes(Gate(house=house, memory=memory)),
            *CardPages(checkouts=Checkouts(house)).routes(),
            *TelephonePages(house).routes(),
            *TillPages(house).routes(),
            *MandatePages(house).routes(),
            *BankPages(counter=Counter(house), memory=memory, index="acquirer.html").routes(),
        ],
    )
