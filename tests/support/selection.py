"""Marks the database part of the suite, so that `-m database` runs it on another server; the sizes of tests."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--payers", type=int, default=7, help="payers whose messages are shuffled; `make soak` takes 1,000"
    )


@pytest.fixture(scope="session")
def payers_wanted(request: pytest.FixtureRequest) -> int:
    """How many people pay in the test of shuffled messages."""
    return int(request.config.getoption("--payers"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "database_name" in getattr(item, "fixturenames", ()):
            item.add_marker("database")
