"""The migration operation that loads an app's SQL file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.migrations.operations import RunSQL

CHECKOUT = Path(__file__).resolve().parent.parent


class LoadSql(RunSQL):
    """Run `<app>/sql/<file>`; the file can be run again (CREATE OR REPLACE, DROP … IF EXISTS).

    A later version of a function is the same file, loaded by a further migration: one place to read, and a
    fresh database loads the newest text from the start.
    """

    def __init__(self, app: str, file: str) -> None:
        self.app, self.file = app, file
        super().__init__((CHECKOUT / app / "sql" / file).read_text(), RunSQL.noop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.app, self.file], {}

    def describe(self) -> str:
        return f"Load {self.app}/sql/{self.file}"
