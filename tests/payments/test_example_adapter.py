"""The adapter printed in docs/gateways.md is short, and keeps the contract of gateways against the real process."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from payments.gateways.base import Gateway
from tests.payments.contract import CaptureContract, PageContract
from tests.payments.world import World

pytestmark = pytest.mark.socket
PAGE = Path(__file__).parents[2] / "docs" / "gateways.md"


@pytest.fixture(scope="module")
def example() -> Any:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(source.splitlines()) < 100
    module = ModuleType("example_adapter")
    exec(compile(source, str(PAGE), "exec"), module.__dict__)  # noqa: S102 (our own page, which nobody else runs)
    return module.__dict__["ReservedCards"]


@pytest.fixture
def gateway(world: World, example: Any) -> Iterator[Gateway]:
    made = example(url=world.url, key=world.key)
    yield made
    made.close()


@pytest.fixture
def deaf(example: Any) -> Iterator[Gateway]:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = example(url=f"http://127.0.0.1:{probe.getsockname()[1]}", key="x")
        yield made
        made.close()


class TestReservedCards(PageContract, CaptureContract):
    """Pages and capturing; the rest it refuses."""
