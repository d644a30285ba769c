"""The way every API call takes: key, body, idempotency, faults, one transaction, answer."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from sandbox.answers import Answer, Memory
from sandbox.clock import Clock
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.pauses import pause
from sandbox.store import transaction
from sandbox.web import BrokenAnswer, Endpoint, language_of, read_json

HANG = 30.0
SLOW = 5.0


@dataclass(frozen=True)
class Call:
    body: dict[str, Any]
    path: dict[str, str]
    query: dict[str, str]


class Served(Protocol):
    """What a gateway's house must have for calls to reach it."""

    @property
    def db(self) -> sqlite3.Connection: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def faults(self) -> Faults: ...
    @property
    def secret_key(self) -> str: ...
    def tick(self) -> None: ...
    def order_of(self, call: Call) -> str | None:
        """Whose order this call is about, for faults that are meant for one order."""


HouseT = TypeVar("HouseT", bound=Served)


class Gate(Generic[HouseT]):
    """`error` speaks the gateway's own codes, `broken` is the one of a passing failure inside it, and `language` that
    of whoever states none."""

    def __init__(
        self,
        *,
        house: HouseT,
        memory: Memory,
        error: type[ApiError] = ApiError,
        broken: str = "PROVIDER_ERROR",
        language: str = "en",
    ) -> None:
        self._house = house
        self._memory = memory
        self._error = error
        self._broken = broken
        self._language = language

    def endpoint(
        self, name: str, handler: Callable[[HouseT, Call], Answer], *, public: bool = False, bare: bool = False
    ) -> Endpoint:
        """`public` calls need no key; `bare` ones may come without a body."""

        async def serve(request: Request) -> Response:
            if not public:
                self._require_key(request)
            call = await _read(request, bare=bare)
            scope = self._scope(request)
            order_id = self._house.order_of(call)
            with self._once(scope):
                await self._fail_before(name, order_id)
                answer = self._answer(handler, call, scope, language_of(request, fallback=self._language))
            return await self._send(name, order_id, *answer)

        return serve

    def _answer(
        self, handler: Callable[[HouseT, Call], Answer], call: Call, scope: str | None, language: str
    ) -> tuple[Answer, str, dict[str, str]]:
        """The answer, its JSON, and headers. What was done and what was answered are kept in one transaction."""
        recalled = self._memory.recall(scope) if scope else None
        if recalled:
            return Answer(status=recalled[0], body=None), recalled[1], {"Idempotent-Replayed": "true"}
        self._house.tick()
        now = self._house.clock.now()
        try:
            with transaction(self._house.db):
                answer = handler(self._house, call)
                body = _json(answer.rendered(language))
                if scope:
                    self._memory.keep(scope, status=answer.status, body=body, now=now)
        except ApiError as error:
            answer, body = Answer.refusal(error), _json(error.body(language))
            if scope:
                self._memory.keep(scope, status=answer.status, body=body, now=now)
        return answer, body, {}

    async def _fail_before(self, name: str, order_id: str | None) -> None:
        slow = self._house.faults.take("slow", endpoint=name, order_id=order_id)
        if slow:
            await pause(SLOW if slow.seconds is None else slow.seconds)
        if self._house.faults.take("http_500", endpoint=name, order_id=order_id):
            raise self._error(self._broken)
        refused = self._house.faults.take("refuse", endpoint=name, order_id=order_id)
        if refused:
            raise self._error(refused.code or self._broken)

    async def _send(
        self, name: str, order_id: str | None, answer: Answer, body: str, headers: dict[str, str]
    ) -> Response:
        late = self._house.faults.take("late_answer", endpoint=name, order_id=order_id)
        if late:
            await pause(SLOW if late.seconds is None else late.seconds)
        lost = self._house.faults.take("lost_answer", endpoint=name, order_id=order_id)
        if lost and lost.mode == "error":
            raise self._error(self._broken)
        if lost and lost.mode == "hang":
            return BrokenAnswer(after=HANG if lost.seconds is None else lost.seconds)
        if lost or answer.lost:
            return BrokenAnswer()
        if answer.delay:
            await pause(answer.delay)
        return Response(body, status_code=answer.status, media_type="application/json", headers=headers)

    def _require_key(self, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(token, validate=True)
        except (binascii.Error, ValueError):
            given = b""
        if kind.lower() != "basic" or not hmac.compare_digest(given, f"{self._house.secret_key}:".encode()):
            raise self._error("UNAUTHORIZED_KEY")

    def _scope(self, request: Request) -> str | None:
        key = request.headers.get("idempotency-key")
        if key is None or request.method != "POST":
            return None
        if not 1 <= len(key) <= 300:
            raise self._error("INVALID_IDEMPOTENCY_KEY")
        return self._memory.scope(key=key, method=request.method, path=request.url.path)

    @contextlib.contextmanager
    def _once(self, scope: str | None) -> Iterator[None]:
        if scope is None:
            yield
            return
        self._memory.begin(scope)
        try:
            yield
        finally:
            self._memory.finish(scope)


async def _read(request: Request, *, bare: bool) -> Call:
    body = await read_json(request, optional=bare) if request.method == "POST" else {}
    return Call(body=body, path=dict(request.path_params), query=dict(request.query_params))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
