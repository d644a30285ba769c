"""The SMS provider put together: messages in by a web call, telephones as pages."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import gateway, store, web
from sandbox.answers import Answer, Memory
from sandbox.clock import Clock, iso
from sandbox.faults import Faults
from sandbox.gate import Call, Gate
from sandbox.links import linked
from sandbox.serve import base_url, free_port, serve
from sandbox.sms import settings
from sandbox.sms.house import House, SmsError
from sandbox.web import LANGUAGES, fault_routes, language_of, loopback_only, page, read_form, see_other

SCHEMA = Path(__file__).with_name("schema.sql")
FAULTS = ("lost_answer", "late_answer", "http_500", "slow", "never_delivered")
ENDPOINTS = ("send", "message")
NO_NUMBER = "Type a telephone number of 10 or 11 digits."


def run(options: Namespace) -> None:
    lock = store.lock(directory=options.store, name="sms")
    port = free_port(host=options.host, port=options.port)
    chosen = settings.read(options=options)
    db = store.connect(path=options.store / "sms.sqlite3", schema=gateway.schema(SCHEMA))
    house = House(db=db, settings=chosen, clock=Clock(db), faults=Faults(FAULTS, ENDPOINTS))

    def finish() -> None:
        db.close()
        lock.close()

    ready = f"ready {base_url(host=options.host, port=port)}"
    serve(app=application(house), host=options.host, port=port, ready=ready, finish=finish)


def application(house: House) -> Starlette:
    memory = Memory(db=house.db, secret_key=house.secret_key)

    async def tick() -> None:
        while True:
            house.tick()
            memory.forget(now=house.clock.now())
            await asyncio.sleep(gateway.TICK)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(tick())
        yield
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking

    routes = [*api(Gate(house=house, memory=memory, error=SmsError)), *Telephones(house).routes()]
    return web.application([*routes, *fault_routes(house.faults)], lifespan=lifespan)


def send(house: House, call: Call) -> Answer:
    return Answer(status=201, body=house.send(call.body))


def by_key(house: House, call: Call) -> Answer:
    return Answer(status=200, body=house.shown("key", call.path["key"]))


def by_reference(house: House, call: Call) -> Answer:
    return Answer(status=200, body=house.shown("reference", call.path["reference"]))


def api(gate: Gate[House]) -> list[BaseRoute]:
    on = gate.endpoint
    return [
        Route("/v1/messages", on("send", send), methods=["POST"]),
        Route("/v1/messages/references/{reference}", on("message", by_reference), methods=["GET"]),
        Route("/v1/messages/{key}", on("message", by_key), methods=["GET"]),
    ]


class Telephones:
    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.index, methods=["GET", "POST"]),
            Route("/telephones/{number}", self.telephone),
            Route("/sandbox/messages", loopback_only(self.messages)),
        ]

    async def index(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        language = form["lang"] if form.get("lang") in LANGUAGES else language_of(request)
        errors: dict[str, str] = {}
        if form:
            number = form.get("telephone", "").replace("-", "").replace(" ", "")
            if number.isascii() and number.isdigit() and len(number) in (10, 11):
                return see_other(f"/telephones/{number}?lang={language}")
            errors["telephone"] = NO_NUMBER
        return page("sms.html", language=language, status=422 if errors else 200, errors=errors, form=form)

    async def telephone(self, request: Request) -> Response:
        self._house.tick()
        number = request.path_params["number"]
        messages = [
            {
                "sender": row["sender"],
                "at": iso(row["completed_at"]),
                "subject": row["subject"],
                "lines": [linked(line) for line in row["text"].split("\n")],
            }
            for row in self._house.listed(number, delivered=True)
        ]
        return page("sms_telephone.html", language=language_of(request), number=number[:11], messages=messages)

    async def messages(self, request: Request) -> Response:
        self._house.tick()
        rows = self._house.listed(request.query_params.get("to", ""), delivered=False)
        names = {"messageId": "key", "reference": "reference", "from": "sender", "to": "telephone"}
        names |= {name: name for name in ("type", "bytes", "subject", "text", "state")}
        return JSONResponse({"messages": [{name: row[column] for name, column in names.items()} for row in rows]})
