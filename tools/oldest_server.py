"""Runs a command with a throw-away cluster of the oldest PostgreSQL that the machine has installed.

`python -m tools.oldest_server .venv/bin/python -m pytest …`: ETAX_DATABASE_URL names the cluster; it is stopped and
removed afterwards. Debian's PostgreSQL lies in /usr/lib/postgresql.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.cluster import ADMIN, OLDEST_VERSION, Cluster, UnableToStartPostgres, service_user

INSTALLED = Path("/usr/lib/postgresql")
# Nobody reads this cluster after a crash of the machine, so it waits for no disk.
SHORT_LIVED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


def oldest_programs() -> Path:
    versions = sorted(int(folder.name) for folder in INSTALLED.glob("[0-9]*") if (folder / "bin" / "initdb").exists())
    fitting = [version for version in versions if version >= OLDEST_VERSION]
    if not fitting:
        raise UnableToStartPostgres(f"no server of version {OLDEST_VERSION} or newer in {INSTALLED}")
    return INSTALLED / str(fitting[0])


def run_with_server(command: list[str]) -> int:
    programs = oldest_programs()
    home = Path(tempfile.mkdtemp(prefix="etax-postgres-", dir="/var/tmp"))
    cluster = Cluster(programs, home, service_user())
    try:
        home.chmod(0o711)
        password = cluster.initialise()
        cluster.configure(SHORT_LIVED)
        url = f"postgresql://{ADMIN}:{password}@127.0.0.1:{cluster.start()}/etax"
        print(cluster.run("postgres", "--version").stdout.strip(), flush=True)
        return subprocess.run(command, env={**os.environ, "ETAX_DATABASE_URL": url}, check=False).returncode
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(run_with_server(sys.argv[1:]))
    except UnableToStartPostgres as error:
        sys.exit(f"postgres: {error}")
