"""Where things lie in a checkout, and how set-up starts a program and says what went wrong."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"


class UnableToSetUp(Exception):
    """Says in one line what is missing."""


def cache_folder() -> Path:
    """A folder of ours that outlives the checkout; below var/ where the home directory can't be written."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "etax"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = VAR / "cache"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def run(command: Sequence[str | Path], *, what: str, env: Mapping[str, str] | None = None) -> str:
    """Run a program quietly; if it fails, its whole output goes to a file and its last line into the error."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=CHECKOUT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    VAR.mkdir(exist_ok=True)
    log = VAR / "setup.log"
    log.write_text(done.stdout)
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()] or ["no output"]
    telling = [line for line in lines if "error" in line.lower()] or lines
    raise UnableToSetUp(f"{what} failed: {telling[-1]} (all of it: {log.relative_to(CHECKOUT)})")
