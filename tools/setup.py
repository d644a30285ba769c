"""`make setup`: everything a checkout needs, once; the second time it only looks. `packages`: no more than packages.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable

from tools.assets import install_assets
from tools.checkout import PYTHON, VAR, UnableToSetUp, run
from tools.packages import install_packages
from tools.steps import CommandStep


def _server() -> bool:
    """The embedded PostgreSQL runs whenever set-up has ended, unless the city's own is named."""
    if not os.environ.get("ETAX_DATABASE_URL"):
        run([PYTHON, "-m", "tools.postgres", "start"], what="the embedded PostgreSQL")
    return False


def steps(*, only_packages: bool) -> list[tuple[str, Callable[[], bool]]]:
    """In their order; each says whether it had anything to do."""
    found: list[tuple[str, Callable[[], bool]]] = [
        ("Python packages", install_packages),
        ("style sheets, fonts and scripts", install_assets),
    ]
    if only_packages:
        return found
    return [*found, ("PostgreSQL", _server), *((step.title, step) for step in _commands())]


def _unless_named(option: str) -> list[str]:
    """The embedded database is a checkout's own and holds samples; one that somebody named keeps what it has."""
    return [] if os.environ.get("ETAX_DATABASE_URL") else [option]


def _commands() -> list[CommandStep]:
    return [
        CommandStep(
            "translations",
            sources=["**/LC_MESSAGES/*.po", "tools/messages.py"],
            outputs=["**/LC_MESSAGES/*.po>.mo"],
            commands=[["-m", "tools.messages", "compile"]],
        ),
        CommandStep(
            "static files",
            sources=["**/static/**/*", "package-lock.json", "requirements.lock", "etax/settings/*.py"],
            outputs=["var/static"],
            commands=[["manage.py", "collectstatic", "--noinput", "--verbosity", "0"]],
        ),
        CommandStep(
            "database",
            sources=["**/migrations/*.py", "**/sql/*.sql", "etax/cities/**/*", "var/database-url"],
            words=lambda: os.environ.get("ETAX_DATABASE_URL", "embedded"),
            commands=[
                ["manage.py", "prepare_database", *_unless_named("--throw-away-foreign")],
                ["manage.py", "migrate", "--verbosity", "0"],
                ["manage.py", "load_city", "seoul"],
            ],
        ),
        CommandStep("signing key", outputs=["var/signing"], commands=[["manage.py", "make_signing_key"]]),
    ]


def main(arguments: list[str]) -> int:
    VAR.mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            for title, step in steps(only_packages=arguments == ["packages"]):
                started = time.monotonic()
                if step():
                    print(f"setup: {title}: {time.monotonic() - started:.1f} s", flush=True)
        except UnableToSetUp as error:
            print(f"setup: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
