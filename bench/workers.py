"""Processes of ours that wait for orders: one line of JSON in, one line of JSON out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.place import CHECKOUT, Place


class Worker:
    """A process that imported everything it needs and holds its database connection; what it does can be timed."""

    def __init__(self, place: Place, module: str, face: str) -> None:
        self.module = module
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=CHECKOUT,
            env={**place.environment, "DJANGO_SETTINGS_MODULE": f"etax.settings.{face}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, **order: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"bench: {self.module} ended with status {self.process.wait()}")
        return json.loads(line)

    def ask(self, **order: Any) -> Any:
        self.tell(**order)
        return self.answer()

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()


@contextmanager
def worker(place: Place, module: str, *, face: str = "worker") -> Iterator[Worker]:
    one = Worker(place, module, face)
    try:
        one.answer()
        yield one
    finally:
        one.stop()


def serve(orders: dict[str, Callable[..., Any]], *, prepare: Callable[[], None] = lambda: None) -> None:
    """The process's side: {"do": name, …arguments} until the end of the input."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etax.settings.worker")
    django.setup()
    prepare()
    _say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        _say(orders[order.pop("do")](**order))


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)
