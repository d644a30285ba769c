"""`python -m bench --soak`: what takes long to prove.

An issue of 200,000 bills is killed again and again, and comes out exact. 100,000 random rows of each kind of roll are
assessed by column and by row. Messages about a thousand people's payments are shuffled, repeated and dropped, and end
in the same books. The memory that a roll of 100,000 and one of a million rows took is printed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

from bench import atm, city, issue
from bench.place import CHECKOUT, Place
from bench.workers import worker

BILLS = 200_000
KILLS = 6
CHUNK = 5_000
ROWS = 100_000
PAYERS = 1_000
PROOF = Path(__file__).with_name("soak.sql")


def run(place: Place) -> None:
    issue.bring_sample(place)
    _killed_and_resumed(place)
    _alike_by_column_and_by_row()
    _in_any_order()
    _memory(place)
    _crowded_atm_host(place)


def _alike_by_column_and_by_row() -> None:
    from tests.billing.columns_agree import DRAWN, disagreements

    seed = random.randrange(1_000_000)
    for kind in DRAWN:
        if found := disagreements(kind=kind, rows=ROWS, seed=seed):
            raise SystemExit(
                f"soak: {len(found):,} rows of {kind} differ by column and by row, seed {seed}: {found[:3]}"
            )
        print(f"soak: {ROWS:,} random rows of {kind} are the same by column and by row (seed {seed})", flush=True)


def _in_any_order() -> None:
    """The test of the suite, with a thousand payers in place of seven."""
    test = "tests/payments/test_any_order.py::test_shuffled_repeated_and_dropped_notifications_end_in_the_same_books[0]"
    command = [sys.executable, "-m", "pytest", "-q", test, "--payers", str(PAYERS), "--timeout", "3600"]
    # The settings that this process took for the rows above are not the suite's.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"soak: {done.stdout[-4000:]}{done.stderr[-2000:]}")
    print(f"soak: messages of {PAYERS:,} payers, shuffled, repeated and dropped: the same books", flush=True)


def _crowded_atm_host(place: Place) -> None:
    """A thousand cash machines hold their connections while fifty pay, all in one process."""
    owed = atm.bills(place, first=0, most=5_000)
    with atm.host(place) as port:
        busy = atm.idle_and_busy(port, idle=1_000, busy=50, owed=owed)
    print(
        f"soak: 1,000 idle and 50 busy ATM connections: {busy.rate:.0f} payments/s, "
        f"slowest echo {1000 * busy.slowest_echo:.0f} ms",
        flush=True,
    )


def _memory(place: Place) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for seed, rows in enumerate((ROWS, 10 * ROWS)):
            brought = issue.bring(place, Path(folder), rows=rows, half=2, seed=20 + seed)
            with worker(place, "bench.rolls") as one:
                one.ask(do="issue", roll=brought.roll, districts=list(issue.DISTRICTS))
                issuing = one.ask(do="peak")
            print(f"soak: {rows:,} rows: peak {brought.peak:.0f} MB read, {issuing:.0f} MB issued", flush=True)


def _killed_and_resumed(place: Place) -> None:
    roll = city.stage(place, bills=BILLS, districts=issue.DISTRICTS, name="soak")
    command = [sys.executable, "manage.py", "issue_roll", str(roll), "--processes", "2", "--chunk", str(CHUNK)]
    environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "etax.settings.worker"}
    for kill in range(KILLS):
        enough = _bills(place, roll) + random.randrange(BILLS // KILLS // 4, BILLS // KILLS)
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
        )
        while process.poll() is None and _bills(place, roll) < enough:
            time.sleep(random.uniform(0.02, 0.3))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        print(f"soak: kill {kill + 1} with {_bills(place, roll):,} of {BILLS:,} bills issued", flush=True)
    while _status(place, roll) != "issued":  # a killed process's district is free once the server noticed
        subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL, check=False)
    _prove(place, roll)
    print(f"soak: {BILLS:,} bills after {KILLS} kills: none lost, none doubled, the books agree", flush=True)


def _bills(place: Place, roll: int) -> int:
    return int(_one(place, "SELECT coalesce(sum(bills), 0) FROM billing_rollpart WHERE roll_id = %s", roll))


def _status(place: Place, roll: int) -> str:
    return str(_one(place, "SELECT status FROM billing_levyroll WHERE id = %s", roll))


def _one(place: Place, query: LiteralString, roll: int) -> Any:
    with place.address.connect() as admin:
        row = admin.execute(query, [roll]).fetchone()
    return row[0] if row else None


def _prove(place: Place, roll: int) -> None:
    with place.address.connect() as admin:
        for name, found, expected in admin.execute(PROOF.read_bytes(), {"roll": roll}):
            if found != expected:
                raise SystemExit(f"soak: {found:,} {name} instead of {expected:,}")
    place.manage("ledger_check")
