"""`python -m bench --soak`: an issue of 200,000 bills is killed again and again, and comes out exact."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench import city, issue
from bench.place import CHECKOUT, Place

BILLS = 200_000
KILLS = 6
CHUNK = 5_000
PROOF = Path(__file__).with_name("soak.sql")


def run(place: Place) -> None:
    issue.bring_sample(place)
    _killed_and_resumed(place)


def _killed_and_resumed(place: Place) -> None:
    roll = city.stage(place, bills=BILLS, districts=issue.DISTRICTS, name="soak")
    command = [sys.executable, "manage.py", "issue_roll", str(roll), "--processes", "2", "--chunk", str(CHUNK)]
    environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "etax.settings.worker"}
    draw, kills = random.Random(), 0
    while True:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
        )
        try:
            process.wait(timeout=draw.uniform(2.5, 6.0) if kills < KILLS else None)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
            print(f"soak: killed with {_bills(place):,} of {BILLS:,} bills issued", flush=True)
            time.sleep(0.2)
            continue
        if process.returncode == 0:
            break
        raise SystemExit(f"soak: the issue ended with status {process.returncode}")
    _prove(place, roll)
    print(f"soak: {BILLS:,} bills after {kills} kills: none lost, none doubled, the books agree", flush=True)


def _bills(place: Place) -> int:
    with place.address.connect() as admin:
        row = admin.execute("SELECT count(*) FROM billing_bill").fetchone()
    return int(row[0]) if row else 0


def _prove(place: Place, roll: int) -> None:
    with place.address.connect() as admin:
        for name, found, expected in admin.execute(PROOF.read_bytes(), {"roll": roll}):
            if found != expected:
                raise SystemExit(f"soak: {found:,} {name} instead of {expected:,}")
    place.manage("ledger_check")
