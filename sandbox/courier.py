"""Sends waiting callbacks with the headers that the gateway puts on them, and repeats what was not accepted."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import httpx

RETRY_FACTORS = (1, 4, 16, 64, 256, 1024, 4096)
AT_ONCE = 8
IDLE = 0.05


@dataclass(frozen=True)
class Post:
    """Where callbacks go and how. `headers` makes those of one attempt from the callback's row and the time now;
    `accepted` and `gone` say which statuses end the repetitions, and how."""

    address: str | None
    retry_base: float
    timeout: float
    headers: Callable[[sqlite3.Row, int], dict[str, str]]
    accepted: Collection[int] = range(200, 300)
    gone: Collection[int] = ()


class Courier:
    """One per process; callbacks of one order go one after another, at most eight orders at once."""

    def __init__(self, *, db: sqlite3.Connection, post: Post) -> None:
        self._db = db
        self._way = post
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished = asyncio.Event()

    async def run(self) -> None:
        if self._way.address is None:
            return
        timeout = httpx.Timeout(self._way.timeout)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client:
            while True:
                self._finished.clear()
                for row in self._due():
                    self._start(client, row)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._finished.wait(), IDLE)

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _due(self) -> list[sqlite3.Row]:
        if len(self._tasks) >= AT_ONCE:
            return []
        return self._db.execute(
            "SELECT * FROM callback WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, seq LIMIT 50",
            (time.time(),),
        ).fetchall()

    def _start(self, client: httpx.AsyncClient, row: sqlite3.Row) -> None:
        if row["order_id"] in self._busy or len(self._tasks) >= AT_ONCE:
            return
        self._busy.add(row["order_id"])
        task = asyncio.create_task(self._deliver(client, row))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._forget(done, row["order_id"]))

    def _forget(self, task: asyncio.Task[None], order_id: str) -> None:
        self._tasks.discard(task)
        self._busy.discard(order_id)
        self._finished.set()

    async def _deliver(self, client: httpx.AsyncClient, row: sqlite3.Row) -> None:
        status = await self._post(client, row)
        accepted = status in self._way.accepted
        attempts = row["attempts"] + 1
        state, next_at = "waiting", None
        if accepted and row["twice"]:
            next_at = time.time()
        elif accepted:
            state = "delivered"
        elif status in self._way.gone or attempts > len(RETRY_FACTORS):
            state = "failed"
        else:
            next_at = time.time() + self._way.retry_base * RETRY_FACTORS[attempts - 1]
        self._db.execute(
            "UPDATE callback SET state = ?, next_at = ?, attempts = ?, last_status = ?, held = 0,"
            " twice = twice AND NOT ? WHERE seq = ?",
            (state, next_at, attempts, status, accepted, row["seq"]),
        )
        self._release_held(row)

    async def _post(self, client: httpx.AsyncClient, row: sqlite3.Row) -> int | None:
        """The HTTP status, or None if nobody answered in time. The answer's body is never read."""
        assert self._way.address is not None  # noqa: S101
        headers = {"Content-Type": "application/json", **self._way.headers(row, int(time.time()))}
        body = row["body"].encode()
        with contextlib.suppress(httpx.HTTPError, TimeoutError):
            async with (
                asyncio.timeout(self._way.timeout),
                client.stream("POST", self._way.address, content=body, headers=headers) as answer,
            ):
                return answer.status_code
        return None

    def _release_held(self, row: sqlite3.Row) -> None:
        """An earlier callback of this order waited for this one to overtake it: now it may go."""
        self._db.execute(
            "UPDATE callback SET held = 0, next_at = ? WHERE state = 'waiting' AND held AND order_id = ? AND seq < ?",
            (time.time(), row["order_id"], row["seq"]),
        )
