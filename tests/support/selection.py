"""Marks the database part of the suite, so that `-m database` runs it on another server."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "database_name" in getattr(item, "fixturenames", ()):
            item.add_marker("database")
