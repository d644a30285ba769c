"""Two gateways for one way to pay: which serves it, which takes over, and who says so."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from accounts.access import Role
from accounts.models import Account
from core import clock
from core.db.session import session_secret
from core.models import AuditRecord
from payments.gateways import registry, routing
from payments.gateways.base import Method, Unknown
from payments.models import Attempt, GatewayHealth
from payments.services import ChannelClosed, route_channel, start_card
from payments.states import Channel
from tests.billing.people import officer_client, officer_session
from tests.payments.cast import BACK, BillFacts, Visitor, a_bill, a_visitor, attempt_of, sweep_later
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

pytestmark = pytest.mark.socket


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def first(world: World) -> dict[str, str]:
    """What settings say of the first choice; a test may send it to where nobody listens."""
    return {"adapter": "sandbox_acquirer", **world.options}


@pytest.fixture(autouse=True)
def two(world: World, first: dict[str, str], as_role: AsRole) -> Iterator[None]:
    """Cards and accounts go to `first`, and to `second` where `first` does not answer."""
    second = {"adapter": "sandbox_acquirer", **world.options}
    with override_settings(GATEWAYS={"first": first, "second": second}, DEFAULT_GATEWAY="first"):
        secret = officer_session(as_role, "elder-of-all@example.kr", Role.ADMINISTRATOR)
        facts: dict[str, Any] = {"actor_id": Account.objects.get(email="elder-of-all@example.kr").pk, "at": clock.now()}
        with as_role("office"), session_secret(secret), transaction.atomic():
            for channel in (Channel.CARD, Channel.VIRTUAL_ACCOUNT):
                route_channel(channel=channel, gateways=["first", "second"], is_open=True, **facts)
        yield
        registry.close_connections()


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def visitor(as_role: AsRole, bill: BillFacts) -> Visitor:
    return a_visitor(as_role, bill)


def serving() -> list[str]:
    return [one.name for one in routing.serving(channel=Channel.CARD, at=clock.now())]


def unanswered(visitor: Visitor, times: int, gateway: str = "first") -> None:
    with visitor.here():
        for _ in range(times):
            routing.note(gateway, Unknown("TimeoutError"))


def test_the_first_choice_serves_while_it_answers(visitor: Visitor, bill: BillFacts) -> None:
    assert attempt_of(visitor.starts_card(bill)).gateway == "first"


def test_a_gateway_that_cannot_be_reached_hands_the_payment_on(
    world: World, visitor: Visitor, bill: BillFacts, first: dict[str, str], nobody: str
) -> None:
    first["url"] = nobody
    started = visitor.starts_card(bill)
    assert attempt_of(started).gateway == "second"
    world.agree(started.go_to)
    visitor.returns(started)
    sweep_later(after=timedelta(seconds=30))
    assert attempt_of(started).status == "paid"
    account = attempt_of(visitor.starts_account(a_found(visitor)))
    assert (account.gateway, account.status) == ("second", "waiting")


def a_found(visitor: Visitor) -> BillFacts:
    bill = a_bill()
    visitor.finds(bill)
    return bill


def test_a_payment_of_which_the_first_may_have_heard_stays_there(
    world: World, visitor: Visitor, bill: BillFacts
) -> None:
    world.fault(fault="lost_answer", endpoint="checkouts", mode="error", times=2)
    started = visitor.starts_card(bill)
    assert (attempt_of(started).gateway, attempt_of(started).status) == ("first", "created")
    unanswered(visitor, 5)
    assert serving() == ["second"]
    assert visitor.starts_card(bill).secret == started.secret
    sweep_later(after=timedelta(seconds=30))
    assert (attempt_of(started).gateway, attempt_of(started).status) == ("first", "waiting")


def test_a_gateway_that_never_answers_rests_and_payments_begin_at_the_next(visitor: Visitor, bill: BillFacts) -> None:
    unanswered(visitor, 4)
    assert serving() == ["first", "second"]
    unanswered(visitor, 1)
    assert serving() == ["second"]
    assert attempt_of(visitor.starts_card(bill)).gateway == "second"


def test_any_answer_begins_the_count_anew(visitor: Visitor, bill: BillFacts) -> None:
    unanswered(visitor, 4)
    visitor.starts_card(bill)
    unanswered(visitor, 4)
    assert serving() == ["first", "second"]


def test_a_probe_brings_a_gateway_back(visitor: Visitor) -> None:
    unanswered(visitor, 5)
    sweep_later()
    assert serving() == ["second"]
    sweep_later(after=timedelta(seconds=20))
    assert serving() == ["first", "second"]


def test_a_probe_without_an_answer_prolongs_the_rest(visitor: Visitor, first: dict[str, str], nobody: str) -> None:
    first["url"] = nobody
    unanswered(visitor, 5)
    before = GatewayHealth.objects.get().rests_until
    sweep_later(after=timedelta(seconds=20))
    after = GatewayHealth.objects.get().rests_until
    assert before is not None
    assert after is not None
    assert after > before
    assert serving() == ["second"]


def test_where_nobody_can_be_reached_the_payment_ends_and_nothing_is_asked_for(
    visitor: Visitor, bill: BillFacts, first: dict[str, str], nobody: str
) -> None:
    first["url"] = nobody
    unanswered(visitor, 5, "second")
    started = visitor.starts_card(bill)
    assert (attempt_of(started).status, attempt_of(started).failure) == ("declined", "UNREACHABLE")
    unanswered(visitor, 5)
    with pytest.raises(ChannelClosed):
        visitor.starts_card(bill)


def test_an_administrator_changes_the_order_and_the_next_payment_follows(
    visitor: Visitor, bill: BillFacts, as_role: AsRole
) -> None:
    administrator = officer_client(as_role, "administrator@example.kr", Role.ADMINISTRATOR)
    assert "first, second" in text_of(administrator, "/payments/gateways/")
    chosen = {"gateway_1": "second", "gateway_2": "", "is_open": "on"}
    assert administrator.post("/payments/gateways/card/", chosen).status_code == 302
    assert attempt_of(visitor.starts_card(bill)).gateway == "second"
    written = AuditRecord.objects.filter(action="payment.channel_routed").latest("id")
    assert written.details == {"before": [["first", True], ["second", True]], "gateways": ["second"], "open": True}


def test_a_closed_way_to_pay_is_refused(visitor: Visitor, bill: BillFacts, as_role: AsRole) -> None:
    administrator = officer_client(as_role, "administrator@example.kr", Role.ADMINISTRATOR)
    assert administrator.post("/payments/gateways/card/", {"gateway_1": "first"}).status_code == 302
    assert "Closed" in text_of(administrator, "/payments/gateways/")
    with pytest.raises(ChannelClosed):
        visitor.starts_card(bill)
    assert not Attempt.objects.exists()


def test_the_same_gateway_twice_or_an_unknown_one_is_refused(as_role: AsRole) -> None:
    administrator = officer_client(as_role, "administrator@example.kr", Role.ADMINISTRATOR)
    for typed in ({"gateway_1": "first", "gateway_2": "first"}, {"gateway_1": "nobody"}, {}):
        assert administrator.post("/payments/gateways/card/", typed).status_code == 422
    assert administrator.get("/payments/gateways/atm/").status_code == 404


@pytest.mark.parametrize(("role", "body"), [(Role.TREASURER, "11000"), (Role.ADMINISTRATOR, "11110")])
def test_nobody_else_changes_it(as_role: AsRole, role: Role, body: str) -> None:
    other = officer_client(as_role, "other@example.kr", role, body=body)
    assert other.post("/payments/gateways/card/", {"gateway_1": "second"}).status_code == 403


@pytest.mark.parametrize("channel", [Channel.WALLET, Channel.CARRIER])
def test_wallets_and_phone_bills_are_paid_on_a_page_of_their_own(
    world: World, visitor: Visitor, bill: BillFacts, channel: Channel
) -> None:
    with visitor.here():
        started = start_card(wish=visitor.wish(bill), back=BACK, at=clock.now(), channel=channel)
    world.agree(started.go_to, method=Method(channel.value))
    visitor.returns(started)
    sweep_later(after=timedelta(seconds=30))
    assert (attempt_of(started).status, attempt_of(started).channel) == ("paid", channel)


def test_only_what_a_routed_gateway_declares_is_offered(world: World, visitor: Visitor) -> None:
    toss = {"adapter": "toss", "url": "http://127.0.0.1:9", "key": "x", "currency": "KRW"}
    with override_settings(GATEWAYS={"first": toss}):
        offered = set(routing.open_channels(at=clock.now()))
    assert Channel.CARD in offered
    assert Channel.CARRIER not in offered


def text_of(client: FaceClient, path: str) -> str:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return str(answer.content.decode())
