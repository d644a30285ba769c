"""The adapter to Toss Payments keeps the contract of gateways, against a process that speaks its published API."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from payments.gateways.base import Declined, Gateway, GatewayPayment, Outcome, Pending, Stage, Succeeded, Unknown
from payments.gateways.toss import BANKS, Toss
from tests.payments.contract import (
    BACK,
    AccountMoneyBackContract,
    CardMoneyBackContract,
    ExactAccountContract,
    HintContract,
    PageContract,
    SettlementContract,
    done,
    order,
)
from tests.payments.toss_world import TossWorld, adapter, toss_world

pytestmark = pytest.mark.socket


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TossWorld]:
    with toss_world(tmp_path_factory.mktemp("toss")) as started:
        yield started


@pytest.fixture
def world(outside: TossWorld) -> Iterator[TossWorld]:
    yield outside
    outside.nothing_faulty()


@pytest.fixture
def gateway(world: TossWorld) -> Iterator[Gateway]:
    with adapter(world) as made:
        yield made


@pytest.fixture
def deaf() -> Iterator[Gateway]:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Toss(url=f"http://127.0.0.1:{probe.getsockname()[1]}", key="x")
        yield made
        made.close()


class TestToss(
    PageContract,
    ExactAccountContract,
    CardMoneyBackContract,
    AccountMoneyBackContract,
    SettlementContract,
    HintContract,
):
    """Cards and accounts; wallets, phone bills, capturing and codes it refuses."""

    adapter = Toss


def test_twenty_banks_issue_accounts(gateway: Gateway, world: TossWorld) -> None:
    assert len(BANKS) == 20
    assert list(gateway.banks) == sorted(BANKS)


def test_two_payments_are_confirmed_though_one_address_serves_all(gateway: Gateway, world: TossWorld) -> None:
    """Their idempotency does not look at the body: one key for both would answer the second with the first."""
    for wanted in (order(), order()):
        page = done(gateway.open_page(order=wanted, **BACK))
        world.agree(page.url)
        told = done(gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount))
        assert (told.reference, told.stage) == (wanted.reference, Stage.DONE)


def test_a_cancellation_whose_answer_was_lost_is_said_again_and_done_once(gateway: Gateway, world: TossWorld) -> None:
    wanted = order()
    page = done(gateway.open_page(order=wanted, **BACK))
    world.agree(page.url)
    gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount)
    world.fault(fault="lost_answer", endpoint="cancel", orderId=wanted.reference)

    def give_back() -> Outcome[GatewayPayment]:
        return gateway.cancel(gateway_key=page.gateway_key, reason="x", amount=2_000, believed=52_000, key="lost-1")

    assert isinstance(give_back(), Unknown)
    assert isinstance(give_back(), Succeeded)
    found = done(gateway.inquire(reference=wanted.reference))
    assert [one.amount for one in found.movements] == [52_000, 2_000]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("REJECT_CARD_COMPANY", Declined),
        ("NOT_FOUND_PAYMENT_SESSION", Declined),
        ("ALREADY_PROCESSED_PAYMENT", Pending),
        ("PROVIDER_ERROR", Unknown),
        ("FORBIDDEN_CONSECUTIVE_REQUEST", Unknown),
        ("TOO_MANY_REQUESTS", Unknown),
        ("UNAUTHORIZED_KEY", Unknown),
        ("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", Unknown),
    ],
)
def test_only_a_refusal_for_good_is_declined(
    gateway: Gateway, world: TossWorld, code: str, expected: type[Outcome[object]]
) -> None:
    wanted = order()
    page = done(gateway.open_page(order=wanted, **BACK))
    world.fault(fault="refuse", endpoint="confirm", orderId=wanted.reference, code=code)
    answer = gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount)
    assert isinstance(answer, expected)


def test_an_account_past_its_due_date_has_ended(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> None:
    with toss_world(tmp_path_factory.mktemp("own")) as own, adapter(own) as made:
        wanted = order()
        TestToss().issue(made, wanted, hours=1)
        own.pass_time(3601)
        assert done(made.inquire(reference=wanted.reference)).stage == Stage.EXPIRED
