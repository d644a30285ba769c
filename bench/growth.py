"""Does anything slow down as a city's bills pile up? The same work with 0.1 million bills there and with 5 million."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench import balance, city, posting
from bench.figures import Figure
from bench.issue import DISTRICTS
from bench.orders import prepare
from bench.place import Place
from bench.workers import worker

FEW, MANY, ROLL = 100_000, 5_000_000, 100_000
PAYMENTS, CLIENTS = 6_000, 8


def figures(place: Place) -> Iterator[Figure]:
    city.fill(place, bills=FEW, districts=DISTRICTS, name="few")
    paid_early = payments_per_second(place, first=0)
    issued_early = bills_per_second(place, name="early")
    # In parts, so that serials and rows to be staged stay within what a roll may hold.
    for part in range(10):
        city.fill(place, bills=(MANY - FEW - ROLL) // 10, districts=DISTRICTS, name=f"part{part}")
        print(f"bench: {(part + 1) * 10} % of {MANY:,} bills", file=sys.stderr)
    yield Figure("issue_roll_growth_5m", bills_per_second(place, name="late"), "bills/s", issued_early)
    yield Figure("post_payment_growth_5m", payments_per_second(place, first=PAYMENTS), "payments/s", paid_early)
    yield balance.figure(place)


def bills_per_second(place: Place, *, name: str) -> float:
    """Bills a second of one process."""
    roll = city.stage(place, bills=ROLL, districts=DISTRICTS, name=name)
    rest(place)
    with worker(place, "bench.rolls") as one:
        one.ask(do="begin", roll=roll)
        took = one.ask(do="issue", roll=roll, districts=list(DISTRICTS))
    return float(took["bills"] / took["seconds"])


def payments_per_second(place: Place, *, first: int) -> float:
    """Payments a second of the service, over as many connections as it has in `make bench`."""
    balance.roll_up(place)
    orders = prepare(place, most=PAYMENTS, first=first)
    rest(place)
    return posting.payments_per_second(place, clients=CLIENTS, orders=orders)


def rest(place: Place) -> None:
    """Do at once what the server would do by itself after bulk work, and what would be measured else."""
    with place.address.connect() as admin:
        admin.execute("VACUUM ANALYZE")
        admin.execute("CHECKPOINT")
