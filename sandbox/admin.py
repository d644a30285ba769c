"""Loopback-only: what became of callbacks, sending one again, moving the clock."""

from __future__ import annotations

import sqlite3
import time
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import fields
from sandbox.clock import Clock, iso
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.web import fault_routes, loopback_only, read_json

LISTED = 1000
FARTHEST = 60 * 24 * 3600


class Administered(Protocol):
    """What a gateway's house must have to be driven by tests."""

    @property
    def db(self) -> sqlite3.Connection: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def faults(self) -> Faults: ...
    @property
    def webhook_url(self) -> str | None: ...
    def tick(self) -> None: ...


def routes(house: Administered) -> list[BaseRoute]:
    @loopback_only
    async def callbacks(request: Request) -> Response:
        order_id = request.query_params.get("orderId")
        rows = house.db.execute(
            "SELECT * FROM callback WHERE ? IS NULL OR order_id = ? ORDER BY seq DESC LIMIT ?",
            (order_id, order_id, LISTED),
        )
        return JSONResponse([_listed(row) for row in rows])

    @loopback_only
    async def resend(request: Request) -> Response:
        if house.webhook_url is None:
            raise ApiError("INVALID_REQUEST", "no --webhook-url")
        done = house.db.execute(
            "UPDATE callback SET state = 'waiting', next_at = ?, attempts = 0, held = 0 WHERE id = ?",
            (time.time(), request.path_params["callback_id"]),
        )
        if done.rowcount == 0:
            raise ApiError("NOT_FOUND")
        return Response(status_code=202)

    @loopback_only
    async def clock(request: Request) -> Response:
        house.clock.advance(fields.whole(await read_json(request), "advance", low=0, high=FARTHEST))
        house.tick()
        return JSONResponse({"now": iso(house.clock.now())})

    return [
        *fault_routes(house.faults),
        Route("/sandbox/callbacks", callbacks),
        Route("/sandbox/callbacks/{callback_id}/resend", resend, methods=["POST"]),
        Route("/sandbox/clock", clock, methods=["POST"]),
    ]


def _listed(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "eventType": row["event_type"],
        "orderId": row["order_id"],
        "transactionKey": row["transaction_key"],
        "state": row["state"],
        "attempts": row["attempts"],
        "lastStatus": row["last_status"],
        "nextAttemptAt": iso(int(row["next_at"])) if row["next_at"] is not None else None,
        "body": fields.parse_object(row["body"].encode()),
    }
