from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.processes import Acquirer, acquirer


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acquirer]:
    """One acquirer for a module's tests: each of them uses order numbers of its own."""
    with acquirer(tmp_path_factory.mktemp("acquirer")) as started:
        yield started
