"""A database of the bench's own on the same server, with the real schema and the city's data; removed afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from core.db.address import DatabaseAddress
from core.roles import close_doors
from etax.environment import Environment

CHECKOUT = Path(__file__).resolve().parent.parent
URL_FILE = CHECKOUT / "var" / "database-url"


@dataclass(frozen=True)
class Place:
    """Where the bench measures; `environment` makes any process of ours work there."""

    address: DatabaseAddress

    @property
    def environment(self) -> dict[str, str]:
        here = self.address
        login = f"{quote(here.user)}:{quote(here.password)}"
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return {
            **inherited,
            "ETAX_DATABASE_URL": f"postgresql://{login}@{here.host}:{here.port}/{here.name}",
            "ETAX_LOG_LEVEL": "ERROR",
        }

    def as_owner(self) -> psycopg.Connection[tuple[object, ...]]:
        """An administrator's connection that works as the schema's owner."""
        connection = self.address.connect()
        connection.execute("SET ROLE etax_owner")
        return connection

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"bench: {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def throw_away_place() -> Iterator[Place]:
    started = URL_FILE.read_text().strip() if URL_FILE.exists() else None
    admin = Environment().database("ETAX_DATABASE_URL", started)
    place = Place(replace(admin, name=f"etax_bench_{os.getpid()}"))
    try:
        place.manage("prepare_database")
        place.manage("migrate", "--verbosity", "0")
        place.manage("load_city", "seoul")
        yield place
    finally:
        _drop(place)


@contextmanager
def clone(place: Place, name: str) -> Iterator[Place]:
    """A copy of all that stands in a place at this moment; nobody may be connected to it."""
    copy = Place(replace(place.address, name=f"{place.address.name}_{name}"))
    names = {"new": sql.Identifier(copy.address.name), "old": sql.Identifier(place.address.name)}
    try:
        with place.address.connect(name="postgres") as outside:
            outside.execute(sql.SQL("CREATE DATABASE {new} TEMPLATE {old}").format(**names))
        with copy.address.connect() as inside:
            close_doors(inside)
            inside.execute("VACUUM ANALYZE")
            inside.execute("CHECKPOINT")
        yield copy
    finally:
        _drop(copy)


def _drop(place: Place) -> None:
    with place.address.connect(name="postgres") as outside:
        outside.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(place.address.name)))
