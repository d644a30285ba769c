"""Faces as real processes on free ports, each with its own settings and database login, against the test's database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic
from urllib.parse import quote

import pytest
from django.conf import settings

from core.roles import derived_password, role_name

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0
ServeFace = Callable[[str], str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def face_environment(face: str, database: str) -> dict[str, str]:
    admin = settings.ADMIN_DATABASE
    password = quote(derived_password(settings.ROLE_PASSWORD_KEY, face))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": f"etax.settings.{face}",
        "ETAX_FACE_DATABASE_URL": f"postgresql://{role_name(face)}:{password}@{admin.host}:{admin.port}/{database}",
        "PYTHONWARNINGS": "default",
    }


@contextmanager
def served(face: str, database: str, **told: str) -> Iterator[str]:
    """The address of a face that answers until the block ends; `told` are variables of its own environment."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "granian"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"),
        "etax.wsgi:application",
    ]
    process = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env={**face_environment(face, database), "ETAX_PUBLIC_URL": f"http://127.0.0.1:{port}", **told},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    listener = Listener(process)
    try:
        listener.await_answer(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
        listener.thread.join(timeout=20)
        listener.report()


class Listener:
    """Reads what a process says, so that it never waits for a reader, and knows when it is gone."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self.gone = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.said.extend(lines)
        self.gone.set()

    def await_answer(self, port: int) -> None:
        """Until somebody listens on the port: what a server says of itself comes a moment too early."""
        deadline = monotonic() + PATIENCE
        while not self.gone.wait(0.05) and monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        raise AssertionError(f"the face did not start:\n{''.join(self.said)}")

    def report(self) -> None:
        """A face that stumbled says why."""
        if any("Traceback" in line for line in self.said):
            sys.stderr.write("".join(self.said))


@pytest.fixture(scope="session")
def serve_face(database_name: str) -> Iterator[ServeFace]:
    """`serve_face("public")`: the address of a face, started at its first use and stopped after the last test."""
    with ExitStack() as stack:
        running: dict[str, str] = {}

        def serve(face: str) -> str:
            if face not in running:
                running[face] = stack.enter_context(served(face, database_name))
            return running[face]

        yield serve
