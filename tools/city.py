"""A whole city for a program to talk to: a database of its own, all processes, and the world outside.

`with running_city(folder=VAR / "demo") as city:` starts everything on free ports, and stops it at the end of the block.
What the processes write goes to `city.log` in the folder, as JSON.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from core.roles import OWNER
from tools import postgres
from tools.checkout import CHECKOUT, PYTHON
from tools.ports import Ports, free_ports
from tools.programs import faces_and_jobs
from tools.supervisor import Supervisor
from tools.world import environment_of_faces, sandbox_programs


class CommandFailed(Exception):
    """A management command ended with something else than 0; the message is what it said."""


@dataclass(frozen=True)
class City:
    """Where the faces are, and `manage.py` on this city's database."""

    ports: Ports
    env: Mapping[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py, which chooses its own settings; returns what it printed."""
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(
            [str(PYTHON), "manage.py", *arguments],
            cwd=CHECKOUT,
            env={**inherited, **self.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CommandFailed(f"manage.py {' '.join(arguments)}: {done.stderr or done.stdout}")
        return done.stdout


@contextmanager
def running_city(*, folder: Path, database: str = "etax_demo", copied_from: str | None = None) -> Iterator[City]:
    """A city without people or bills; `database` is emptied first, or begins as a copy of one that is migrated."""
    for left in ("broker", "sandbox"):
        shutil.rmtree(folder / left, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    ports = free_ports()
    env = {
        "ETAX_DATABASE_URL": _begun_anew(database, copied_from),
        "ETAX_BROKER_URL": f"filesystem://{(folder / 'broker').absolute()}",
        **environment_of_faces(ports, folder / "sandbox"),
    }
    city = City(ports, env)
    city.manage("prepare_database")
    city.manage("migrate", "--verbosity", "0")
    city.manage("load_city", "seoul")
    programs = [*sandbox_programs(ports, folder / "sandbox"), *faces_and_jobs(ports, env, folder)]
    with (folder / "city.log").open("w") as log:
        supervisor = Supervisor(programs, folder=CHECKOUT, say=lambda line: print(line, file=log, flush=True))
        with _in_background(supervisor):
            yield city


def _begun_anew(database: str, copied_from: str | None) -> str:
    """The address of a database that is not there any more, or that is as yet nothing but a copy."""
    given = urlsplit(os.environ.get("ETAX_DATABASE_URL") or postgres.start())
    name = sql.Identifier(database)
    with psycopg.connect(urlunsplit(given._replace(path="/postgres")), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        if copied_from:
            copy = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            admin.execute(copy.format(name, sql.Identifier(OWNER), sql.Identifier(copied_from)))
    return urlunsplit(given._replace(path=f"/{database}"))


@contextmanager
def _in_background(supervisor: Supervisor) -> Iterator[None]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="supervisor")
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(supervisor.start(), loop).result()
        yield
    finally:
        asyncio.run_coroutine_threadsafe(supervisor.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
