"""Does issuing slow down as a city's bills pile up? The same size of roll, with 0.1 million bills there and with 5."""

from __future__ import annotations

import sys

from bench import city
from bench.figures import Figure
from bench.issue import DISTRICTS
from bench.place import Place
from bench.workers import worker

FEW, MANY, ROLL = 100_000, 5_000_000, 100_000


def figure(place: Place) -> Figure:
    city.fill(place, bills=FEW, districts=DISTRICTS, name="few")
    few = rate(place, name="early")
    # In parts, so that serials and rows to be staged stay within what a roll may hold.
    for part in range(10):
        city.fill(place, bills=(MANY - FEW - ROLL) // 10, districts=DISTRICTS, name=f"part{part}")
        print(f"bench: {(part + 1) * 10} % of {MANY:,} bills", file=sys.stderr)
    return Figure("issue_roll_growth_5m", rate(place, name="late"), "bills/s", few)


def rate(place: Place, *, name: str) -> float:
    """Bills a second of one process."""
    roll = city.stage(place, bills=ROLL, districts=DISTRICTS, name=name)
    with place.address.connect() as admin:
        admin.execute("VACUUM ANALYZE billing_rollrow")
        admin.execute("CHECKPOINT")
    with worker(place, "bench.rolls") as one:
        one.ask(do="begin", roll=roll)
        took = one.ask(do="issue", roll=roll, districts=list(DISTRICTS))
    return float(took["bills"] / took["seconds"])
