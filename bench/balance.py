"""The trial balance from totals and tail, beside a look at every posting; both must say the same.

Run as a process (`bench.workers`). Totals are added up behind the writes, so what was paid since is the tail.
"""

from __future__ import annotations

import time

from bench.figures import Figure
from bench.place import Place
from bench.workers import serve, worker

ROUNDS = 5


def roll_up(place: Place) -> None:
    """Add up all that is posted by now."""
    with worker(place, "bench.balance") as treasurer:
        treasurer.ask(do="add_up")


def figure(place: Place) -> Figure:
    with worker(place, "bench.balance") as treasurer:
        seconds = treasurer.ask(do="measure")
    return Figure("trial_balance_vs_scan", ROUNDS / seconds["balance"], "balances/s", ROUNDS / seconds["scan"])


def add_up() -> None:
    from ledger import services

    services.roll_up()


def measure() -> dict[str, float]:
    """Seconds of both, taken in turn."""
    from ledger import selectors

    seconds = {"balance": 0.0, "scan": 0.0}
    for turn in range(ROUNDS + 1):
        started = time.perf_counter()
        balance = selectors.trial_balance()
        between = time.perf_counter()
        scanned = selectors.scanned_balance()
        assert balance == scanned
        if turn:  # the first brings pages into memory
            seconds["balance"] += between - started
            seconds["scan"] += time.perf_counter() - between
    return seconds


if __name__ == "__main__":
    serve({"add_up": add_up, "measure": measure})
