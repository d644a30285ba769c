"""A PostgreSQL cluster: its programs, its data and the user it runs as. `tools.postgres` keeps the checkout's own."""

from __future__ import annotations

import os
import pwd
import secrets
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ADMIN = "etax_admin"
OLDEST_VERSION = 14
BUILTIN_LOCALES = 17  # the first version that knows Unicode's letters without the system's library

# What does not depend on the machine; see docs/operations.md for a real deployment.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}

MEGABYTE = 1024 * 1024


def sized_for(memory: int) -> dict[str, str]:
    """Settings for a machine with so many bytes of memory; given at each start, so that a cluster follows its machine.

    A roll writes to every page of the large indexes of bills: they should lie in shared_buffers, and each page should
    be written to the log in full as seldom as possible (checkpoints far apart). The bundled server compresses such
    pages only by pglz, which takes longer than writing them.
    """
    buffers = min(max(memory // 6 // MEGABYTE, 128), 4096)
    return {
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(memory // 2 // MEGABYTE, 256)}MB",
        "maintenance_work_mem": f"{min(buffers // 2, 512)}MB",
        "wal_buffers": "64MB" if buffers >= 1024 else "16MB",
        "min_wal_size": "1GB" if buffers >= 1024 else "256MB",
        "max_wal_size": "16GB" if buffers >= 2048 else "4GB",
        "checkpoint_timeout": "30min",
        "wal_compression": "off",
    }


class UnableToStartPostgres(Exception):
    """Says in one line what is missing."""


@dataclass(frozen=True)
class Cluster:
    """Where the programs and the data lie, and as whom (uid, gid) they run; None: as the caller."""

    programs: Path
    home: Path
    owner: tuple[int, int] | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    def run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs as its owner; the working directory is one that everybody may enter."""
        done = subprocess.run(
            [str(self.programs / "bin" / program), *arguments],
            cwd="/",
            capture_output=True,
            text=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            user=self.owner and self.owner[0],
            group=self.owner and self.owner[1],
            extra_groups=self.owner and (),
        )
        if check and done.returncode:
            raise UnableToStartPostgres(f"{program}: {(done.stderr or done.stdout).strip()}")
        return done

    def initialise(self) -> str:
        """Make an empty cluster with one administrator; returns the password."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        password = secrets.token_hex(16)
        handover = self.home / "first-password"
        handover.touch(mode=0o600)
        handover.write_text(password)
        if self.owner:
            os.chown(self.data, *self.owner)
            os.chown(handover, *self.owner)
        common = ["-D", str(self.data), "-U", ADMIN, "--pwfile", str(handover), "--auth=scram-sha-256"]
        try:
            self.run("initdb", *common, "--encoding=UTF8", *self._locale())
        finally:
            handover.unlink()
        self.configure(SETTINGS)
        return password

    def configure(self, values: Mapping[str, str]) -> None:
        """What holds from the next start on."""
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in values.items())

    def _locale(self) -> list[str]:
        """Code point order with Unicode's letters, the same on every machine."""
        version = self.run("postgres", "--version").stdout.split()[2].partition(".")[0]
        if int(version) >= BUILTIN_LOCALES:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8"]

    def start(self) -> int:
        """Start it unless it runs; returns the port."""
        if self.run("pg_ctl", "status", "-D", str(self.data), check=False).returncode != 0:
            log = str(self.data / "server.log")
            sized = " ".join(f"-c {name}={value}" for name, value in sized_for(physical_memory()).items())
            options = f"-p {free_port()} {sized}"
            self.run("pg_ctl", "start", "-w", "-t", "60", "-D", str(self.data), "-l", log, "-o", options)
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-m", "fast", "-D", str(self.data), check=False)


def service_user() -> tuple[int, int] | None:
    """Whom root hands a server to, since PostgreSQL refuses to run as root; None for everybody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise UnableToStartPostgres("PostgreSQL can't run as root and there is no user `postgres` or `nobody`")


def physical_memory() -> int:
    """Bytes of memory of the machine, or of the container that has less; 4 GB where the system doesn't tell."""
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 4096 * MEGABYTE
    limit = Path("/sys/fs/cgroup/memory.max")
    text = limit.read_text().strip() if limit.exists() else ""
    return min(found, int(text)) if text.isdecimal() else found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
