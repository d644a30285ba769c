"""`manage.py migrate`: Django's own, but never upon a history that this checkout does not know."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from core.db.history import foreign_migrations


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        foreign = foreign_migrations(MigrationRecorder(connection).applied_migrations())
        if foreign:
            name = connection.settings_dict["NAME"]
            raise CommandError(
                f"error: {name} was migrated along another history: {len(foreign)} of its migrations are unknown here, "
                f"{foreign[0]} among them. Run the release that made it, or name an empty database; `make setup` makes "
                "a checkout's own anew."
            )
        super().handle(*args, **options)
