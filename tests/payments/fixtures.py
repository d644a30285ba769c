"""The acquirer and the processes that die, started once for the tests of all apps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from payments.gateways import registry
from tests.payments.killing import Doomed, doomed_processes
from tests.payments.world import World
from tests.payments.world import world as start_world


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One acquirer for all tests, with an order number for each; who moves its clock has one of their own."""
    with start_world(tmp_path_factory.mktemp("acquirer")) as started:
        yield started


@pytest.fixture
def world(outside: World) -> Iterator[World]:
    """The acquirer, served to this process by settings."""
    with override_settings(GATEWAYS={"sandbox_acquirer": outside.options}):
        yield outside
        registry.close_connections()
    outside.nothing_faulty()


@pytest.fixture(scope="session")
def doomed(database_name: str) -> Iterator[Doomed]:
    """Processes of faces that die where a test says; started once for all tests."""
    with doomed_processes(database_name) as faces:
        yield faces
