"""The routes of the API, one line per call."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox import fields
from sandbox.answers import Answer
from sandbox.gate import Call, Gate
from sandbox.store import transaction
from sandbox.toss import accounts, book, cancel, reports, windows
from sandbox.toss.house import House
from sandbox.web import loopback_only, read_json

FAULTS = (
    "callback_late",
    "callback_twice",
    "callback_never",
    "callbacks_out_of_order",
    "late_answer",
    "lost_answer",
    "http_500",
    "refuse",
    "slow",
)
ENDPOINTS = ("payments", "confirm", "payment", "cancel", "virtual-accounts", "transactions", "settlements", "transfers")


def create(house: House, call: Call) -> Answer:
    return Answer(status=200, body=windows.create(house, call.body))


def confirm(house: House, call: Call) -> Answer:
    return windows.confirm(house, call.body)


def by_key(house: House, call: Call) -> Answer:
    return Answer(status=200, body=house.shown(book.find(house.db, call.path["key"])))


def by_order(house: House, call: Call) -> Answer:
    return Answer(status=200, body=house.shown(book.find_order(house.db, call.path["order_id"])))


def cancel_payment(house: House, call: Call) -> Answer:
    return Answer(status=200, body=cancel.cancel(house, call.path["key"], call.body))


def issue(house: House, call: Call) -> Answer:
    return Answer(status=200, body=accounts.issue(house, call.body))


def transactions(house: House, call: Call) -> Answer:
    return Answer(status=200, body=reports.transactions(house, call.query))


def settlements(house: House, call: Call) -> Answer:
    return Answer(status=200, body=reports.settlements(house, call.query))


def transfer(house: House, call: Call) -> Answer:
    return Answer(status=201, body=accounts.transfer(house, call.body))


def take_back(house: House, call: Call) -> Answer:
    return Answer(status=201, body=accounts.take_back(house, call.path["transfer"]))


def routes(gate: Gate[House]) -> list[BaseRoute]:
    on = gate.endpoint
    returned = on("transfers", take_back, public=True, bare=True)
    return [
        Route("/v1/payments", on("payments", create), methods=["POST"]),
        Route("/v1/payments/confirm", on("confirm", confirm), methods=["POST"]),
        Route("/v1/payments/orders/{order_id}", on("payment", by_order), methods=["GET"]),
        Route("/v1/payments/{key}", on("payment", by_key), methods=["GET"]),
        Route("/v1/payments/{key}/cancel", on("cancel", cancel_payment), methods=["POST"]),
        Route("/v1/virtual-accounts", on("virtual-accounts", issue), methods=["POST"]),
        Route("/v1/transactions", on("transactions", transactions), methods=["GET"]),
        Route("/v1/settlements", on("settlements", settlements), methods=["GET"]),
        Route("/bank/transfers", on("transfers", transfer, public=True), methods=["POST"]),
        Route("/bank/transfers/{transfer}/return", returned, methods=["POST"]),
    ]


def forgery(house: House) -> BaseRoute:
    @loopback_only
    async def forge(request: Request) -> Response:
        body = await read_json(request)
        order_id = fields.order_id(body)
        if not isinstance(body.get("body"), dict):
            raise fields.invalid("body", "an object")
        with transaction(house.db):
            house.outbox.forge(order_id=order_id, body=body["body"])
        return Response(status_code=202)

    return Route("/sandbox/forgeries", forge, methods=["POST"])
