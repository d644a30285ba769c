"""What the person who typed `make up` sees of the supervisor."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tools.supervisor import Program, ProgramDidNotStart, Supervisor

pytestmark = pytest.mark.socket

WAITING = "import time; print('here', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
)


def _python(name: str, source: str, ready: str | None = None) -> Program:
    return Program(name, [sys.executable, "-c", source], ready=ready)


class Lines:
    """Collects what the supervisor says, and waits for a line."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self, line: str) -> None:
        self.all.append(line)

    async def until(self, wanted: Callable[[list[str]], bool]) -> None:
        async with asyncio.timeout(20):
            while not wanted(self.all):
                await asyncio.sleep(0.02)


def _supervised(folder: Path, programs: list[Program], work: Callable[[Supervisor, Lines], Awaitable[None]]) -> Lines:
    lines = Lines()

    async def run() -> None:
        supervisor = Supervisor(programs, folder=folder, say=lines)
        try:
            await supervisor.start(within=20)
            await work(supervisor, lines)
        finally:
            await supervisor.stop()

    asyncio.run(run())
    return lines


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_every_line_says_which_program_wrote_it(tmp_path: Path) -> None:
    async def work(_: Supervisor, lines: Lines) -> None:
        await lines.until(lambda said: {"bank   | here", "public | here"} <= set(said))

    _supervised(tmp_path, [_python("bank", WAITING), _python("public", WAITING)], work)


def test_a_killed_program_is_started_again(tmp_path: Path) -> None:
    async def work(supervisor: Supervisor, lines: Lines) -> None:
        await lines.until(lambda said: "worker | here" in said)
        os.kill(supervisor.pid("worker"), signal.SIGKILL)
        await lines.until(lambda said: said.count("worker | here") == 2)

    lines = _supervised(tmp_path, [_python("worker", WAITING)], work)
    assert "worker | ended with -9" in lines.all


def test_stopping_leaves_no_process_behind(tmp_path: Path) -> None:
    held = tmp_path / "held"
    child = f"import fcntl; held = open({str(held)!r}, 'w'); fcntl.flock(held, fcntl.LOCK_EX); {WAITING}"
    forking = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {child!r}]); {WAITING}"
    pids: list[int] = []

    async def work(supervisor: Supervisor, lines: Lines) -> None:
        await lines.until(lambda said: said.count("web    | here") == 2 and "worker | here" in said)
        pids.extend(supervisor.pid(name) for name in ("web", "worker"))

    _supervised(tmp_path, [_python("web", forking), _python("worker", WAITING)], work)
    assert not any(_is_alive(pid) for pid in pids)
    with held.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # waits for ever if the child of `web` still holds it


def test_a_program_that_will_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.supervisor.GRACE", 0.2)

    async def work(_: Supervisor, lines: Lines) -> None:
        await lines.until(lambda said: "odd | here" in said)

    lines = _supervised(tmp_path, [_python("odd", STUBBORN)], work)
    assert any("is killed" in line for line in lines.all)


def test_start_waits_until_a_face_answers(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Program(
        "public",
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)],
        ready=f"http://127.0.0.1:{port}/",
    )

    async def work(supervisor: Supervisor, lines: Lines) -> None:
        async with asyncio.timeout(5):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()

    _supervised(tmp_path, [server], work)


def test_a_program_that_never_answers_is_named(tmp_path: Path) -> None:
    async def run() -> None:
        silent = _python("office", "import time; time.sleep(600)", ready="http://127.0.0.1:1/")
        supervisor = Supervisor([silent], folder=tmp_path, say=lambda line: None)
        try:
            await supervisor.start(within=0.5)
        finally:
            await supervisor.stop()

    with pytest.raises(ProgramDidNotStart, match="office does not answer"):
        asyncio.run(run())
