from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg


@dataclass(frozen=True)
class DatabaseAddress:
    """A PostgreSQL server, a database on it, and the login to use."""

    host: str
    port: int
    name: str
    user: str
    password: str

    def connect(self, *, name: str = "", autocommit: bool = True) -> psycopg.Connection[Any]:
        """A plain connection to the database, or to another one of the same server."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=name or self.name,
            autocommit=autocommit,
        )
