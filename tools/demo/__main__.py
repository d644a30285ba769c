"""`make demo`: a city from nothing, a roll of automobile tax, payments, receipts, books that balance."""

from __future__ import annotations

import sys
import time

from tools.checkout import VAR
from tools.city import CommandFailed, running_city
from tools.demo.journeys import Journeys
from tools.demo.visitor import NotAsExpected

FOLDER = VAR / "demo"


def main() -> int:
    started = time.monotonic()
    print("A city with 25 districts is founded: database, three sites, worker, and the world outside …", flush=True)
    try:
        with running_city(folder=FOLDER) as city:
            Journeys(city, FOLDER).run()
    except (CommandFailed, NotAsExpected) as error:
        print(f"demo: {error}\ndemo: what the processes said stands in {FOLDER / 'city.log'}", file=sys.stderr)
        return 1
    print(f"Done in {time.monotonic() - started:.0f} s. The receipts lie in {FOLDER}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
