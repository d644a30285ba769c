"""Style sheets, fonts and scripts of others, from package-lock.json; with the system's node or the one of a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tools import stamps
from tools.checkout import CHECKOUT, run
from tools.packages import install_node

OLDEST_NPM = 8
MODULES = CHECKOUT / "node_modules"


def install_assets() -> bool:
    """Fill node_modules; True if there was anything to do. No script of a package runs."""
    if MODULES.is_symlink():
        return False  # looked after by the checkout it belongs to
    stamp = MODULES / ".installed"
    wanted = stamps.digest([CHECKOUT / "package.json", CHECKOUT / "package-lock.json"])
    if stamps.is_current(stamp, wanted):
        return False
    npm, env = _npm()
    run([*npm, "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], what="npm ci", env=env)
    stamps.leave(stamp, wanted)
    return True


def _npm() -> tuple[list[str | Path], dict[str, str]]:
    env = {"npm_config_update_notifier": "false"}
    system = shutil.which("npm")
    if system and shutil.which("node") and _new_enough(system):
        return [system], env
    programs = install_node()
    script = programs.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [programs / "node", script], {**env, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}


def _new_enough(npm: str) -> bool:
    asked = subprocess.run([npm, "--version"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    major = asked.stdout.strip().partition(".")[0]
    return asked.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM
