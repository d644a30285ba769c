"""`python -m tools.restore_drill`: does a backup bring the books back? On throw-away clusters of its own.

Entries are posted before the base backup and after it; then somebody drops the ledger. The backup and the archived
write-ahead log are restored to the moment before, and `ledger_check` proves the books. A streaming replica has
to have the same entries before the accident. A city does this with its own backups: see docs/operations.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tools.checkout import CHECKOUT, PYTHON
from tools.cluster import ADMIN, Cluster, service_user
from tools.postgres import locate

POST = """
from core import clock
from ledger.services import Posting, Purpose, post_entry
for number in range({first}, {first} + {count}):
    sides = [Posting("11110", "automobile", purpose, amount)
             for purpose, amount in ((Purpose.RECEIVABLE, 1000), (Purpose.REVENUE, -1000))]
    post_entry(kind="drill", reference=f"drill-{{number}}", business_date=clock.local_date(clock.now()),
               occurred_at=clock.now(), postings=sides)
"""
ENTRIES = 200
ARCHIVED = {"wal_level": "replica", "archive_mode": "on", "archive_timeout": "60"}


class Drill:
    """A primary with an archive beside it, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)
        self.folder = folder
        self.archive = folder / "archive"
        self.primary = self._cluster("primary")
        self.password = self.primary.initialise()
        self._give(self.archive)
        self.primary.configure({**ARCHIVED, "archive_command": f"cp %p {self.archive}/%f"})
        self.primary_url = self.url(self.primary.start())

    def _cluster(self, name: str) -> Cluster:
        home = self.folder / name
        home.mkdir(mode=0o711)
        return Cluster(locate().programs, home, service_user())

    def _give(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if owner := service_user():
            os.chown(folder, *owner)

    def url(self, port: int) -> str:
        return f"postgresql://{ADMIN}:{self.password}@127.0.0.1:{port}/etax"

    def copy(self, name: str, *options: str) -> Cluster:
        """A base backup of the primary, as a cluster that can be started."""
        cluster = self._cluster(name)
        self._give(cluster.data)
        self.primary.run(
            "pg_basebackup", "-d", self.primary_url, "-D", str(cluster.data), "--checkpoint=fast", *options
        )
        return cluster

    def restored(self, backup: Cluster, at: datetime) -> str:
        """Start `backup` and let it read the archive up to `at`; returns its address."""
        recover = {
            "archive_mode": "off",
            "restore_command": f"cp {self.archive}/%f %p",
            "recovery_target_time": at.isoformat(sep=" "),
            "recovery_target_action": "promote",
        }
        backup.configure(recover)
        (backup.data / "recovery.signal").touch()
        url = self.url(backup.start())
        with psycopg.connect(url, autocommit=True) as server:
            while server.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
                time.sleep(0.1)
        return url


def manage(url: str, *arguments: str) -> None:
    env = {**os.environ, "ETAX_DATABASE_URL": url}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([str(PYTHON), "manage.py", *arguments], cwd=CHECKOUT, env=env, check=True, stdout=subprocess.DEVNULL)


def entries(url: str) -> int:
    with psycopg.connect(url) as server:
        found = server.execute("SELECT count(*) FROM ledger_journalentry WHERE kind = 'drill'").fetchone()
    return int(found[0]) if found else 0


def until_entries(url: str, wanted: int) -> bool:
    """Whether the replica has them all within half a minute."""
    deadline = time.monotonic() + 30
    while entries(url) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    return entries(url) == wanted


def accident(url: str) -> datetime:
    """The ledger is dropped; returns the moment before, which is when the city wants to be again."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SELECT pg_switch_wal()")
        before = datetime.now(UTC)
        time.sleep(1)
        server.execute("DROP TABLE ledger_journalentry CASCADE")
        server.execute("SELECT pg_switch_wal()")
    return before


def drill(folder: Path) -> bool:
    scene = Drill(folder)
    clusters = [scene.primary]
    try:
        manage(scene.primary_url, "prepare_database")
        manage(scene.primary_url, "migrate", "--verbosity", "0")
        manage(scene.primary_url, "load_city", "seoul")
        manage(scene.primary_url, "shell", "-c", POST.format(first=0, count=ENTRIES))
        backup = scene.copy("backup")
        clusters.append(backup)
        replica = scene.copy("replica", "--write-recovery-conf")
        clusters.append(replica)
        replica_url = scene.url(replica.start())
        manage(scene.primary_url, "shell", "-c", POST.format(first=ENTRIES, count=ENTRIES))
        followed = until_entries(replica_url, 2 * ENTRIES)
        before = accident(scene.primary_url)
        restored = scene.restored(backup, before)
        manage(restored, "ledger_check")
        print(f"replica: {'has' if followed else 'lacks some of'} the {2 * ENTRIES} entries")
        print(f"restored to {before:%H:%M:%S}: {entries(restored)} of {2 * ENTRIES} entries, the books balance")
        return followed and entries(restored) == 2 * ENTRIES
    finally:
        for cluster in clusters:
            cluster.stop()


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="etax-drill-", dir="/var/tmp"))
    try:
        sys.exit(not drill(place))
    finally:
        shutil.rmtree(place, ignore_errors=True)
