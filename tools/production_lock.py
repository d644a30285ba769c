"""Prints the part of requirements.lock that a production image needs: `python -m tools.production_lock`.

One lock pins everything that a checkout uses; this walks from the project's own dependencies, as the installed
packages state theirs, and leaves out what only development, tests, the embedded database or sandbox/ need.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.checkout import CHECKOUT

BLOCK = re.compile(r"^([A-Za-z0-9_.-]+)==(?:.*\\\n)(?:[ \t].*\n?)*", re.MULTILINE)


def needed(roots: list[str]) -> set[str]:
    """Names of `roots` and of everything they require on this machine."""
    waiting = [Requirement(root) for root in roots]
    seen: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        for extra in ("", *sorted(wanted.extras)):
            key = (canonicalize_name(wanted.name), extra)
            if key in seen:
                continue
            seen.add(key)
            waiting += [inner for inner in _requirements_of(key[0]) if _applies(inner, extra)]
    return {name for name, _ in seen}


def _requirements_of(name: str) -> list[Requirement]:
    try:
        return [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        return []


def _applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def production_part(lock: str, roots: list[str]) -> str:
    wanted = needed(roots)
    return "".join(block[0] for block in BLOCK.finditer(lock) if canonicalize_name(block[1]) in wanted)


if __name__ == "__main__":
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    print(production_part((CHECKOUT / "requirements.lock").read_text(), project["dependencies"]), end="")
