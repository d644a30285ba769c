"""Steps of ours that die by the signal that cannot be caught, at a place that a test names.

A process of each face stands ready and forks for each death: Django is set up once, and no connection is open by then.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.live import face_environment

CHECKOUT = Path(__file__).resolve().parent.parent.parent

READY = """
import json, os, signal, sys, traceback
from datetime import datetime
import django
django.setup()
from django.conf import settings
from django.db import transaction
from core import clock, outbox
from core.db.session import session_secret
from payments import services
taking = sys.modules["payments.services.take_notification"]
running = sys.modules["payments.services.debits.run"]
desk = sys.modules["payments.services.counter"]
posting = sys.modules["payments.services.post_bank_file"]

def of(service):
    return sys.modules["payments.services." + service]

def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

def then_die(real):
    def call(*arguments, **named):
        real(*arguments, **named)
        die()
    return call

for line in sys.stdin:
    told = json.loads(line)
    child = os.fork()
    if not child:
        facts = told["facts"]
        with open(told["said"], "w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
        settings.GATEWAYS = {"sandbox_acquirer": facts["options"]} if "options" in facts else {}
        try:
            exec(told["script"])
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Doomed:
    """`doomed("worker", script, …)` runs the script as a face's process and sees it die by SIGKILL."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._ready: dict[str, subprocess.Popen[str]] = {}
        self._stack = ExitStack()

    def __call__(self, face: str, script: str, **facts: object) -> None:
        parent = self._ready.get(face) or self._start(face)
        assert parent.stdin is not None
        assert parent.stdout is not None
        with tempfile.NamedTemporaryFile("r") as said:
            parent.stdin.write(json.dumps({"script": script, "facts": facts, "said": said.name}) + "\n")
            parent.stdin.flush()
            ended = parent.stdout.readline()
            assert ended.strip() == str(-signal.SIGKILL), said.read()

    def _start(self, face: str) -> subprocess.Popen[str]:
        parent = self._stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", READY],
                cwd=CHECKOUT,
                env={**face_environment(face, self._database), "PYTHONPATH": os.fspath(CHECKOUT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        self._ready[face] = parent
        return parent

    def close(self) -> None:
        self._stack.close()


@contextmanager
def doomed_processes(database: str) -> Iterator[Doomed]:
    """Faces that are started at their first death and end with the block."""
    doomed = Doomed(database)
    try:
        yield doomed
    finally:
        doomed.close()
