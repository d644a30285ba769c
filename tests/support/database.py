"""A real PostgreSQL database per test process, cloned from a template that is migrated once per state of the schema.

Tests commit, so that deferred checks run and other connections see what they wrote; afterwards every table that has
rows is emptied, except the city's reference data. Nothing runs as owner or superuser but the making and emptying.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler
from psycopg import sql

from core import roles
from core.db.address import DatabaseAddress
from core.roles import derived_password, role_name

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SCHEMA_SOURCES = ("*/migrations/*.py", "*/sql/*.sql", "etax/cities/**/*.yaml", "core/roles.py", "core/migration.py")
# Bytes of a table that are left to its next rows when all are deleted: looking for rows there takes no time.
LEFT_LYING = 4_000_000
# Not while somebody else has to do with a table, were it the server's own sweeper: VACUUM would wait for five seconds.
SWOLLEN = """
    SELECT name FROM unnest(%s::text[]) AS name WHERE pg_table_size(quote_ident(name)::regclass) > %s
    AND NOT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database AND d.datname = current_database()
                    WHERE relation = quote_ident(name)::regclass AND pid <> pg_backend_pid())"""
AsRole = Callable[[str], AbstractContextManager[None]]


def schema_mark() -> str:
    """A hash of everything that shapes the database."""
    digest = hashlib.sha256()
    for pattern in SCHEMA_SOURCES:
        for path in sorted(CHECKOUT.glob(pattern)):
            digest.update(str(path.relative_to(CHECKOUT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def template_name() -> str:
    return f"etax_template_{schema_mark()}"


def admin_connection(name: str) -> psycopg.Connection[Any]:
    address: DatabaseAddress = settings.ADMIN_DATABASE
    return address.connect(name=name)


def wrapper_for(name: str, *, face: str | None) -> Any:
    """A Django connection to database `name`, signed in as a face, or (None) as owner for migrations."""
    base = dict(settings.DATABASES["default"], NAME=name)
    if face is None:
        admin: DatabaseAddress = settings.ADMIN_DATABASE
        base["USER"], base["PASSWORD"] = admin.user, admin.password
        base["OPTIONS"] = {**base["OPTIONS"], "options": "-c role=etax_owner"}
    else:
        base["USER"] = role_name(face)
        base["PASSWORD"] = derived_password(settings.ROLE_PASSWORD_KEY, face)
        base["ATOMIC_REQUESTS"] = face in {"public", "office"}
    return ConnectionHandler({"default": base})["default"]


@contextmanager
def using(wrapper: Any) -> Iterator[None]:
    """Make `wrapper` Django's default connection of this thread."""
    before = connections["default"]
    atomic = connections.settings["default"]["ATOMIC_REQUESTS"]
    connections["default"] = wrapper
    connections.settings["default"]["ATOMIC_REQUESTS"] = wrapper.settings_dict["ATOMIC_REQUESTS"]
    try:
        yield
    finally:
        connections["default"] = before
        connections.settings["default"]["ATOMIC_REQUESTS"] = atomic


@contextmanager
def making() -> Iterator[psycopg.Connection[Any]]:
    """An administrator's connection; one test process at a time makes databases, since roles are the server's."""
    with admin_connection("postgres") as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext('etax test databases'))")
        yield admin


def _make_template(admin: psycopg.Connection[Any], name: str) -> None:
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    roles.ensure_roles(admin, key=settings.ROLE_PASSWORD_KEY)
    draft = f"{name}_draft"
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft)))
    roles.ensure_database(admin, name=draft)
    _close_doors(draft)
    for face, command in ((None, ["migrate"]), ("worker", ["load_city", settings.ETAX_CITY])):
        wrapper = wrapper_for(draft, face=face)
        with using(wrapper):
            call_command(*command, verbosity=0)
        wrapper.close()
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))


def _clone(admin: psycopg.Connection[Any], template: str, name: str) -> None:
    wanted = {"name": sql.Identifier(name), "owner": sql.Identifier(roles.OWNER), "template": sql.Identifier(template)}
    admin.execute(sql.SQL("CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}").format(**wanted))
    admin.execute(sql.SQL("ALTER DATABASE {name} SET synchronous_commit = off").format(**wanted))
    _close_doors(name)


def _close_doors(name: str) -> None:
    with admin_connection(name) as inside:
        roles.close_doors(inside)


@pytest.fixture(scope="session")
def database_name(django_db_blocker: Any) -> Iterator[str]:
    template = template_name()
    name = f"etax_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        with making() as admin:
            _make_template(admin, template)
            _clone(admin, template, name)
        connections.settings["default"]["NAME"] = name
        connections["default"] = wrapper_for(name, face="worker")
        yield name
        connections.close_all()
        with admin_connection("postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def emptier(database_name: str) -> Iterator[Callable[[], None]]:
    """Empties every table that had no rows in the template."""
    with admin_connection(database_name) as admin:
        admin.execute("SET session_replication_role = replica")  # append-only tables refuse everybody else
        tables = [row[0] for row in admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
            for table in tables
        )
        kept = {row[0] for row in admin.execute(filled)}

        def empty() -> None:
            """Rows are deleted: TRUNCATE would make new files, for each table with all that point to it."""
            dirty = [row[0] for row in admin.execute(filled) if row[0] not in kept]
            if dirty:
                admin.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(t)) for t in dirty))
                for (table,) in admin.execute(SWOLLEN, [dirty, LEFT_LYING]).fetchall():
                    admin.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))

        yield empty


@pytest.fixture(scope="session")
def role_connections(database_name: str) -> Iterator[dict[str, Any]]:
    made = {face: wrapper_for(database_name, face=face) for face in roles.FACES}
    yield made
    for wrapper in made.values():
        wrapper.close()


@pytest.fixture
def db(database_name: str, emptier: Callable[[], None], django_db_blocker: Any) -> Iterator[None]:
    """The database, signed in as the worker; what the test committed is gone afterwards."""
    with django_db_blocker.unblock():
        yield
        connections["default"].close_if_unusable_or_obsolete()
        emptier()


@pytest.fixture
def as_role(db: None, role_connections: dict[str, Any]) -> AsRole:
    """`with as_role("public"):` signs in as another face's role."""
    return lambda face: using(role_connections[face])
