"""The database's roles: who owns the schema, and as whom each face signs in.

`etax_owner` owns every table and runs migrations only. Each face is a process of its own with a login of its own;
what a login may see or write stands in each app's `sql/access.sql`. No role here may bypass row-level security.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final

import psycopg
from psycopg import sql

OWNER: Final = "etax_owner"
FACES: Final = ("public", "office", "intake", "worker")

# How much of the server's connections a login may hold, in hundredths: a face that was taken, or has gone wrong, leaves
# the others theirs, and an administrator always gets in.
SHARES: Final = {"public": 35, "intake": 20, "office": 15, "worker": 25}
# What a login's connections begin with, in seconds. A process may set them otherwise, so they are for mishaps, not
# against attackers. The office reads whole rolls between two statements; the worker's jobs take as long as they take.
LIMITS: Final = {
    "public": {"statement_timeout": 20, "lock_timeout": 10, "idle_in_transaction_session_timeout": 60},
    "intake": {"statement_timeout": 20, "lock_timeout": 10, "idle_in_transaction_session_timeout": 60},
    "office": {"statement_timeout": 300, "lock_timeout": 10, "idle_in_transaction_session_timeout": 600},
    "worker": {"statement_timeout": 0, "lock_timeout": 0, "idle_in_transaction_session_timeout": 1800},
}


def role_name(face: str) -> str:
    """The login of a face: `etax_public`, `etax_office`, `etax_intake`, `etax_worker`."""
    if face not in FACES:
        raise ValueError(f"no such face: {face}")
    return f"etax_{face}"


def derived_password(key: str, face: str) -> str:
    """A login's password where one key serves all of them (development and tests); 64 hexadecimal digits."""
    return hmac.new(key.encode(), f"role:{face}".encode(), hashlib.sha256).hexdigest()


def ensure_roles(admin: psycopg.Connection[Any], *, key: str) -> None:
    """Create or mend the owner and the four logins. `admin` needs CREATEROLE; safe to repeat."""
    names = {row[0] for row in admin.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'etax\\_%'")}
    if OWNER not in names:
        admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(OWNER)))
    admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
    for face in FACES:
        name = sql.Identifier(role_name(face))
        if role_name(face) not in names:
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(derived_password(key, face))))
        limit_role(admin, face)


def limit_role(admin: psycopg.Connection[Any], face: str) -> None:
    """Bound how many connections a face's login may hold and how long each may keep others waiting."""
    name = sql.Identifier(role_name(face))
    row = admin.execute("SELECT current_setting('max_connections')::integer * %s / 100", [SHARES[face]]).fetchone()
    admin.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(name, sql.Literal(row[0] if row else -1)))
    for setting, seconds in LIMITS[face].items():
        change = sql.SQL("ALTER ROLE {} SET {} = {}")
        admin.execute(change.format(name, sql.Identifier(setting), sql.Literal(f"{seconds}s")))


def ensure_database(admin: psycopg.Connection[Any], *, name: str) -> None:
    """Create the database for the owner if it is missing. `admin` is in autocommit mode and has CREATEDB."""
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )


def close_doors(inside: psycopg.Connection[Any]) -> None:
    """Take from everybody what PostgreSQL gives by default; `inside` is a connection to the database itself."""
    database = sql.Identifier(inside.info.dbname)
    inside.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    owner = sql.Identifier(OWNER)
    inside.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(owner))
    inside.execute(
        sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC").format(owner)
    )
    for face in FACES:
        role = sql.Identifier(role_name(face))
        inside.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))
        inside.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    # Jobs spread a roll out in tables of their own, which end with the connection.
    inside.execute(
        sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(role_name("worker")))
    )
