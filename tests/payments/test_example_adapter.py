"""The adapter printed in docs/gateways.md is short, and keeps the contract of gateways against the real process."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import override_settings

from core import clock
from payments.gateways import registry
from payments.gateways.base import Gateway
from payments.models import Attempt, Payment
from payments.services import Started
from payments.services.ask import ask_gateway
from tests.payments.cast import a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.contract import CaptureContract, PageContract
from tests.payments.world import World
from tests.support.database import AsRole

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


@pytest.fixture
def set_up(db: None, world: World, example: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The adapter as a city sets it up: a line in the registry, and its address in the settings."""
    monkeypatch.setitem(registry.ADAPTERS, example.name, example)
    options = {"url": world.url, "key": world.key}
    with override_settings(GATEWAYS={example.name: options}, DEFAULT_GATEWAY=example.name):
        yield
        registry.close_connections()


@pytest.fixture
def agreed(set_up: None, world: World, as_role: AsRole) -> Started:
    """A payer who has agreed on the page, and came back: the money is reserved."""
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    assert attempt_of(started).gateway == "reserved_cards"
    world.agree(started.go_to)
    visitor.returns(started)
    return started


def test_money_that_is_only_reserved_is_taken_by_the_worker_once_and_counts_from_its_approval(
    agreed: Started, world: World
) -> None:
    order = world.acquirer.order(attempt_of(agreed).reference)
    assert (attempt_of(agreed).status, order["status"]) == ("confirming", "AUTHORIZED")
    assert not Payment.objects.exists()
    for _ in range(2):
        sweep_later(after=timedelta(seconds=30))
    taken = world.acquirer.order(attempt_of(agreed).reference)
    payment = Payment.objects.get()
    assert (attempt_of(agreed).status, payment.amount, taken["status"]) == ("paid", 52_000, "DONE")
    assert payment.approved_at == datetime.fromisoformat(taken["approvedAt"])
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


def test_a_capture_whose_answer_is_lost_is_found_and_posted_once(agreed: Started, world: World) -> None:
    world.fault(fault="lost_answer", endpoint="capture", orderId=attempt_of(agreed).reference)
    sweep_later(after=timedelta(seconds=30))
    assert attempt_of(agreed).status == "confirming"
    sweep_later(after=timedelta(minutes=5))
    assert (attempt_of(agreed).status, Payment.objects.count()) == ("paid", 1)


def test_a_payment_that_ended_here_is_not_captured(agreed: Started, world: World) -> None:
    Attempt.objects.update(status="expired")
    ask_gateway(attempt_id=attempt_of(agreed).pk, at=clock.now())
    assert world.acquirer.order(attempt_of(agreed).reference)["status"] == "AUTHORIZED"
