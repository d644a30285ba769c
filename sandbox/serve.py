"""Runs one ASGI application in this process until SIGTERM, and says on standard output when it answers."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from starlette.applications import Starlette

from sandbox.pauses import stopping

READY_WITHIN = 15.0


def free_port(*, host: str, port: int) -> int:
    """The port to serve on: `port`, or a free one for 0.

    Granian shares its ports with other processes, so a port that somebody serves already must be found out before.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])


def base_url(*, host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(*, app: Starlette, host: str, port: int, ready: str, finish: Callable[[], None]) -> None:
    """Never returns: `finish` closes the stores, then the process ends."""
    code = 0
    try:
        asyncio.run(_run(app, host, port, ready))
    except (OSError, RuntimeError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        code = 1
    finish()
    sys.stdout.flush()
    sys.stderr.flush()
    # The embedded server's threads panic when the interpreter is taken down under them; everything is closed by now.
    os._exit(code)


async def _run(app: Starlette, host: str, port: int, ready: str) -> None:
    server = Server(
        app,
        host,
        port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
    )
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()  # the server waits for answers under way: none may be asleep
        server.stop()  # type: ignore[no-untyped-call]

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    announcing = loop.create_task(_announce(host, port, ready))
    await server.serve()
    announcing.cancel()


async def _announce(host: str, port: int, ready: str) -> None:
    async with asyncio.timeout(READY_WITHIN):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            break
    print(ready, flush=True)  # noqa: T201 - the line that a supervisor waits for
