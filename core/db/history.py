"""Tells a database that was migrated along another history than this checkout's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.migrations.loader import MigrationLoader


def foreign_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Of the migrations a database has, those that our apps don't: of a newer release, or of a history since rewritten.

    Their tables may look like ours and be others; nothing of ours may be built upon them.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = loader.disk_migrations
    return sorted(f"{app}.{name}" for app, name in applied if app in loader.migrated_apps and (app, name) not in known)
