"""What our migrations are made of: an app's tables at once, and its SQL files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel, RunSQL
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

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


class CreateTables(Operation):
    """The tables of an app, all at once, with their indexes and constraints.

    Django draws up every model anew after each table, index and constraint of a migration; with this, once per app.
    That is most of the time that a fresh database takes.
    """

    category = OperationCategory.ADDITION
    serialization_expand_args = ["tables"]

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [], {"tables": self.tables}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn up when somebody asks for it, with all tables
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {', '.join(table.name for table in self.tables)}"
