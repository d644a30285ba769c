"""Keeps programs running together: a name in front of each line, a crashed one started again, all stopped as one.

Each program leads a process group of its own, so that Ctrl-C reaches only the supervisor, which then asks each to
stop and kills what does not. Should the supervisor itself be killed, Linux tells its children to stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds before a crashed program is started again
STEADY = 60.0  # seconds after which earlier crashes are forgotten
GRACE = 20.0  # seconds a program has to stop before it is killed
LINE_LIMIT = 1024 * 1024
PR_SET_PDEATHSIG = 1


class ProgramDidNotStart(Exception):
    """A program ended, or did not answer in time, while the others wait for it."""


@dataclass(frozen=True)
class Program:
    """One process. `ready` answers 200 there once it serves, or, tcp://host:port, takes a connection."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: str | None = None


class Supervisor:
    """`await start()`, then `await run_until_stopped()` or work of one's own, and always `await stop()`."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        folder: Path,
        restart: bool = True,
        say: Callable[[str], None] = lambda line: print(line, flush=True),
    ) -> None:
        self._programs = list(programs)
        self._folder = folder
        self._restart = restart
        self._say = say
        self._width = max((len(program.name) for program in programs), default=0)
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()

    def pid(self, name: str) -> int:
        return self._running[name].pid

    async def start(self, *, within: float = 60.0) -> None:
        """Start all, and wait until each that has an address answers there."""
        for program in self._programs:
            self._keepers[program.name] = asyncio.create_task(self._keep(program))
        await asyncio.gather(*(self._until_ready(program, within) for program in self._programs))

    async def run_until_stopped(self) -> None:
        """Until Ctrl-C or SIGTERM."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._stopping.set)
        await self._stopping.wait()

    async def stop(self) -> None:
        self._stopping.set()
        await asyncio.gather(*(self._stop_one(program.name) for program in reversed(self._programs)))
        if self._keepers:  # they end by themselves once the last line of their program is written
            await asyncio.wait(self._keepers.values(), timeout=5)
        for keeper in self._keepers.values():
            keeper.cancel()
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)

    async def _stop_one(self, name: str) -> None:
        process = self._running.get(name)
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()  # the leader only: it lets its own children finish
        try:
            await asyncio.wait_for(_ended(process), GRACE)
        except TimeoutError:
            self._line(name, f"did not stop within {GRACE:.0f} s and is killed")
        _kill_group(process.pid)
        await _ended(process)

    async def _keep(self, program: Program) -> None:
        crashes = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            process = await self._spawn(program)
            pump = asyncio.create_task(self._pump(program.name, process.stdout))
            await _ended(process)
            _kill_group(process.pid)
            await pump
            if self._stopping.is_set():
                return
            self._line(program.name, f"ended with {process.returncode}")
            if not self._restart:
                return
            crashes = 0 if time.monotonic() - started > STEADY else crashes + 1
            pause = PAUSES[min(crashes, len(PAUSES)) - 1] if crashes else 0.0
            self._line(program.name, f"is started again in {pause:.0f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=self._folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LINE_LIMIT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self._running[program.name] = process
        return process

    async def _pump(self, name: str, stream: asyncio.StreamReader | None) -> None:
        while stream is not None:
            try:
                line = await stream.readline()
            except ValueError:
                line = b"(a line of more than a megabyte was dropped)\n"
            if not line:
                return
            self._line(name, line.decode(errors="replace").rstrip())

    def _line(self, name: str, text: str) -> None:
        self._say(f"{name:<{self._width}} | {text}")

    async def _until_ready(self, program: Program, within: float) -> None:
        if program.ready is None:
            return
        deadline = time.monotonic() + within
        while not await asyncio.to_thread(_answers, program.ready):
            keeper = self._keepers[program.name]
            if keeper.done() or self._stopping.is_set():
                raise ProgramDidNotStart(f"{program.name} ended before it answered at {program.ready}")
            if time.monotonic() > deadline:
                raise ProgramDidNotStart(f"{program.name} does not answer at {program.ready} after {within:.0f} s")
            await asyncio.sleep(0.1)


def _answers(address: str) -> bool:
    if address.startswith("tcp://"):
        return _listens(urlsplit(address))
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _listens(place: SplitResult) -> bool:
    try:
        with socket.create_connection((place.hostname, place.port or 0), timeout=2):
            return True
    except OSError:
        return False


async def _ended(process: asyncio.subprocess.Process) -> None:
    """The process itself is gone; `process.wait()` would also wait for children of its that hold its output."""
    while process.returncode is None:
        await asyncio.sleep(0.05)


def _kill_group(pid: int) -> None:
    """What a program left behind when it ended: nothing of it may run beside its successor."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
