"""`python -m bench`: what this system does in a second, beside what the same server could do, in one run.

Makes a throw-away database on the server of this checkout (or of ETAX_DATABASE_URL), and prints one JSON object per
figure: {"name", "value", "unit", "limit", "ratio"}. `--rows` sets the size of the roll whose bills are then paid.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

from bench import callback, limit, posting
from bench.figures import Figure
from bench.orders import prepare
from bench.place import CHECKOUT, Place, throw_away_place
from etax.settings.gateways import webhook_secret

CLIENTS = 8
ROUNDS = 3
RESERVED = {
    "full": "the sizes of a whole city (5 million bills) are measured here; that run is not built yet",
    "soak": "payments for hours, watching memory and the books; that run is not built yet",
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=24_000, help="rows of the roll, and payments (default 24,000)")
    for name, text in RESERVED.items():
        parser.add_argument(f"--{name}", action="store_true", help=text)
    return parser.parse_args()


def issue_roll(place: Place, rows: int) -> Figure:
    command = [sys.executable, "-m", "bench.rolls", str(rows)]
    done = subprocess.run(command, cwd=CHECKOUT, env=place.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench: issuing the roll failed:\n{done.stderr[-2000:]}")
    took = json.loads(done.stdout.splitlines()[-1])
    print(
        f"bench: {took['bills']} bills: import {took['importing']:.1f} s, payers {took['identifying']:.1f} s, "
        f"issue {took['issuing']:.1f} s, COPY {took['copying']:.1f} s",
        file=sys.stderr,
    )
    return Figure("issue_roll_vs_copy", took["bills"] / took["issuing"], "bills/s", took["bills"] / took["copying"])


def post_payments(place: Place) -> list[Figure]:
    """Limit, service and HTTP in turn, several times over, so that another load of the machine meets all three."""
    orders = prepare(place)
    part = len(orders) // (3 * ROUNDS) // CLIENTS * CLIENTS
    secret = webhook_secret()
    seconds = {"limit": 0.0, "service": 0.0, "http": 0.0}
    for turn in range(ROUNDS):
        first = 3 * turn * part
        parts = [orders[first + n * part : first + (n + 1) * part] for n in range(3)]
        seconds["limit"] += part / limit.payments_per_second(place, clients=CLIENTS, first=first, count=part)
        seconds["service"] += part / posting.payments_per_second(place, clients=CLIENTS, orders=parts[1])
        seconds["http"] += part / callback.payments_per_second(place, clients=CLIENTS, orders=parts[2], secret=secret)
    rates = {name: ROUNDS * part / took for name, took in seconds.items()}
    return [
        Figure(f"post_payment_{name}_vs_pgbench", rates[name], "payments/s", rates["limit"])
        for name in ("service", "http")
    ]


def main() -> int:
    wanted = arguments()
    for name, text in RESERVED.items():
        if getattr(wanted, name):
            print(f"bench: --{name}: {text}", file=sys.stderr)
            return 2
    with throw_away_place() as place:
        print(issue_roll(place, wanted.rows).line(), flush=True)
        for figure in post_payments(place):
            print(figure.line(), flush=True)
        place.manage("ledger_check")
    return 0


if __name__ == "__main__":
    sys.exit(main())
