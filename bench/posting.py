"""Payments through the service: as many processes as connections, each taking signed messages one after the other.

A process is `python -m bench.posting`: reads its orders from standard input, says `ready`, waits for a line, works.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

from bench.orders import GATEWAY, Message, Order, message
from bench.place import CHECKOUT, Place

# Payments of each process before the clock starts: an intake keeps its connection, with its plans, for hours.
BEFOREHAND = 10


def payments_per_second(place: Place, *, clients: int, orders: Sequence[Order]) -> float:
    """All of `orders`, divided among `clients` processes that begin together."""
    environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "etax.settings.intake"}
    command = [sys.executable, "-m", "bench.posting"]
    workers = [
        subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(clients)
    ]
    try:
        for index, worker in enumerate(workers):
            assert worker.stdin is not None
            worker.stdin.write(json.dumps([asdict(order) for order in orders[index::clients]]) + "\n")
            worker.stdin.flush()
        for worker in workers:
            _expect(worker, "ready")
        started = time.perf_counter()
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for worker in workers:
            _expect(worker, "done")
        return (len(orders) - clients * BEFOREHAND) / (time.perf_counter() - started)
    finally:
        for worker in workers:
            worker.terminate()
            worker.communicate()


def _expect(worker: subprocess.Popen[str], word: str) -> None:
    assert worker.stdout is not None
    said = worker.stdout.readline().strip()
    if said != word:
        raise SystemExit(f"bench: a posting process said {said!r} instead of {word!r}")


def work() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etax.settings.intake")
    django.setup()
    from django.conf import settings

    from core import clock
    from payments.services import take_notification
    from payments.states import Verdict

    orders = [Order(**facts) for facts in json.loads(sys.stdin.readline())]
    secret = settings.GATEWAYS[GATEWAY]["webhook_secret"]
    messages = [message(order, secret=secret) for order in orders]

    def pay(some: Sequence[Message]) -> None:
        for one in some:
            verdict = take_notification(gateway=GATEWAY, body=one.body, headers=one.headers, at=clock.now())
            assert verdict == Verdict.PROCESSED, verdict

    pay(messages[:BEFOREHAND])
    print("ready", flush=True)
    sys.stdin.readline()
    pay(messages[BEFOREHAND:])
    print("done", flush=True)


if __name__ == "__main__":
    work()
