"""`python -m bench`: what this system does in a second, beside what the same server could do, in one run.

Makes throw-away databases on the server of this checkout (or of ETAX_DATABASE_URL), and prints one JSON object per
figure: {"name", "value", "unit", "limit", "ratio"}. `--rows` sets the size of the roll whose bills are then paid.
`--full` takes the sizes of a whole city; `--soak` kills and resumes instead of measuring (`bench.soak`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from bench import atm, balance, callback, deposits, growth, hearings, issue, limit, page, posting, soak
from bench.figures import Figure
from bench.orders import prepare
from bench.place import Place, clone, throw_away_place
from etax.settings.gateways import webhook_secret

CLIENTS = 8
ROUNDS = 3
ROWS = 80_000
ROWS_OF_A_CITY = 1_000_000
PAYMENTS = 24_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, help=f"rows of the roll (default {ROWS:,}, with --full {ROWS_OF_A_CITY:,})")
    parser.add_argument("--full", action="store_true", help="a roll of a million rows, and five million bills")
    parser.add_argument(
        "--soak", action="store_true", help="kill -9 during an issue of 200,000 bills, resumed; and more"
    )
    return parser.parse_args()


def post_payments(place: Place, *, rows: int) -> list[Figure]:
    """The limit and the ways of paying in turn, several times, so that other load of the machine meets all."""
    orders = prepare(place, most=min(PAYMENTS, rows * 3 // 5))
    part = len(orders) // (3 * ROUNDS) // CLIENTS * CLIENTS
    secret = webhook_secret()
    owed = atm.bills(place, first=len(orders), most=ROUNDS * part)
    files = deposits.prepare(place, first=len(orders) + len(owed), most=ROUNDS * part)
    seconds = {"limit": 0.0, "service": 0.0, "http": 0.0, "atm": 0.0, "file": 0.0}
    for turn in range(ROUNDS):
        balance.roll_up(place)  # here and below: a worker does so every ten seconds
        first = 3 * turn * part
        parts = [orders[first + n * part : first + (n + 1) * part] for n in range(3)]
        seconds["limit"] += part / limit.payments_per_second(place, clients=CLIENTS, first=first, count=part)
        seconds["service"] += part / posting.payments_per_second(place, clients=CLIENTS, orders=parts[1])
        seconds["http"] += part / callback.payments_per_second(place, clients=CLIENTS, orders=parts[2], secret=secret)
        machines = owed[turn * part : (turn + 1) * part]
        balance.roll_up(place)
        seconds["atm"] += part / atm.payments_per_second(place, clients=CLIENTS, owed=machines)
        told = files[turn * part : (turn + 1) * part]
        seconds["file"] += part / deposits.deposits_per_second(place, deposits=told, name=f"BENCH-{turn}")
    rates = {name: ROUNDS * part / took for name, took in seconds.items()}
    return [
        *(
            Figure(f"post_payment_{name}_vs_pgbench", rates[name], "payments/s", rates["limit"])
            for name in ("service", "http")
        ),
        Figure("atm_payment_vs_http", rates["atm"], "payments/s", rates["http"]),
        Figure("deposit_file_vs_pgbench", rates["file"], "deposits/s", rates["limit"]),
    ]


def figures(place: Place, *, rows: int, full: bool) -> Iterator[Figure]:
    staged = issue.stage(place, rows=rows)
    with clone(place, "alone") as alone:
        with clone(place, "copied") as copied, clone(place, "together") as together:
            yield from issue.figures(staged, alone=alone, copied=copied, together=together)
        if not full:
            yield page.figure(alone)
        yield from post_payments(alone, rows=rows)
        yield balance.figure(alone)
        alone.manage("ledger_check")
    yield from hearings.figures()
    if full:
        with clone(place, "city") as city:
            yield from growth.figures(city)
            yield page.figure(city)


def main() -> int:
    wanted = arguments()
    with throw_away_place() as place:
        if wanted.soak:
            soak.run(place)
            return 0
        rows = wanted.rows or (ROWS_OF_A_CITY if wanted.full else ROWS)
        for figure in figures(place, rows=rows, full=wanted.full):
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
