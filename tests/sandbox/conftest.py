from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.processes import Acquirer, acquirer


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acquirer]:
    """One acquirer for all tests that leave its clock alone: each of them uses order numbers of its own."""
    with acquirer(tmp_path_factory.mktemp("acquirer")) as started:
        yield started
