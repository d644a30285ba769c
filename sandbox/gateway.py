"""What every gateway of the sandbox is made of: its routes, one courier of callbacks, and a clock that ticks."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from sandbox import admin, web
from sandbox.answers import Memory
from sandbox.courier import Courier, Post

TICK = 0.25
COMMON_SCHEMA = Path(__file__).with_name("common.sql")


def schema(own: Path) -> str:
    return own.read_text() + COMMON_SCHEMA.read_text()


def application(*, house: admin.Administered, memory: Memory, post: Post, routes: Sequence[BaseRoute]) -> Starlette:
    courier = Courier(db=house.db, post=post)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work) for work in (courier.run(), _tick(house, memory))]
        for task in tasks:
            task.add_done_callback(_report)
        yield
        for task in tasks:
            task.cancel()
        await courier.stop()

    return web.application([*routes, *admin.routes(house)], lifespan=lifespan)


async def _tick(house: admin.Administered, memory: Memory) -> None:
    while True:
        house.tick()
        memory.forget(now=house.clock.now())
        await asyncio.sleep(TICK)


def _report(task: asyncio.Task[None]) -> None:
    """Background work never ends by itself: if it did, say so at once."""
    if not task.cancelled() and task.exception() is not None:
        sys.stderr.write(f"sandbox: background work stopped: {task.exception()!r}\n")
