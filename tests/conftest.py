"""The floor of all tests: one real database per process, roles, faces, sockets, and programs that may be missing."""

from __future__ import annotations

from tests.support.programs import (
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tests.support.sockets import pytest_runtest_setup

pytest_plugins = [
    "tests.support.beside",
    "tests.support.selection",
    "tests.support.database",
    "tests.support.faces",
    "tests.support.events",
    "tests.support.live",
    "tests.support.browser",
    "tests.payments.fixtures",
]

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_runtest_setup",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "pytest_testnodedown",
]
