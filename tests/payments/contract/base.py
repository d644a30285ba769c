"""What holds for every adapter, and the steps that the other parts share."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest

from payments.gateways.base import (
    Capability,
    Declined,
    Gateway,
    GatewayPayment,
    HostedPage,
    IssuedAccount,
    Method,
    NotCapable,
    Order,
    Succeeded,
    Unknown,
)
from payments.gateways.mandate import MandateWish

SEOUL = timezone(timedelta(hours=9))
BACK = {"success_url": "http://127.0.0.1:9/paid", "fail_url": "http://127.0.0.1:9/failed"}


def order(amount: int = 52_000, method: Method = Method.CARD) -> Order:
    return Order(f"PAY-{secrets.token_hex(8).upper()}", amount, "자동차세 2026-1", "ko", method)


def wish() -> MandateWish:
    return MandateWish(f"MND-{secrets.token_hex(8).upper()}", "20", "지방세", "ko")


def now() -> datetime:
    return datetime.now(SEOUL)


def done(outcome: Any) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return outcome.value


class GatewayContract:
    """Held by everyone. `adapter` is whose class it is, `holds` what the parts that it inherits stand for."""

    adapter: ClassVar[type[Gateway]]
    holds: ClassVar[frozenset[Capability]] = frozenset({Capability.INQUIRE})

    def open(self, gateway: Gateway, wanted: Order) -> HostedPage:
        page: HostedPage = done(gateway.open_page(order=wanted, **BACK))
        return page

    def issue(self, gateway: Gateway, wanted: Order, hours: int = 72) -> IssuedAccount:
        until = now() + timedelta(hours=hours)
        made: IssuedAccount = done(
            gateway.issue_account(order=wanted, bank=next(iter(gateway.banks)), holder="서울시", expires_at=until)
        )
        return made

    def asked(self, gateway: Gateway, wanted: Order) -> GatewayPayment:
        found: GatewayPayment = done(gateway.inquire(reference=wanted.reference))
        assert (found.reference, found.amount, found.currency) == (wanted.reference, wanted.amount, "KRW")
        return found

    def taken(self, gateway: Gateway, wanted: Order, page: HostedPage) -> GatewayPayment:
        """The payer has agreed: confirm, and capture where that is what takes the money."""
        facts: dict[str, Any] = {
            "reference": wanted.reference,
            "gateway_key": page.gateway_key,
            "amount": wanted.amount,
        }
        confirmed: GatewayPayment = done(gateway.confirm(**facts))
        return done(gateway.capture(**facts)) if Capability.CAPTURE in gateway.capabilities else confirmed

    def paid(self, gateway: Gateway, world: Any, wanted: Order) -> GatewayPayment:
        page = self.open(gateway, wanted)
        world.agree(page.url)
        return self.taken(gateway, wanted, page)

    def test_an_order_nobody_made_is_not_found(self, gateway: Gateway) -> None:
        answer = gateway.inquire(reference=order().reference)
        assert isinstance(answer, Declined)
        assert answer.not_found

    def test_it_is_held_to_exactly_what_it_declares(self, gateway: Gateway) -> None:
        held: set[Capability] = set()
        for part in type(self).__mro__:
            held |= getattr(part, "holds", frozenset())
        assert gateway.capabilities == held

    def test_what_it_does_not_declare_it_refuses_to_be_asked_for(self, gateway: Gateway) -> None:
        undeclared = {call for what, call in CALLS.items() if what not in gateway.capabilities}
        for call in undeclared:
            with pytest.raises(NotCapable):
                call(gateway)


class RemoteContract(GatewayContract):
    """A gateway at the other end of a network, which may not answer."""

    def test_a_gateway_that_does_not_answer_is_unknown_and_heard_nothing(self, deaf: Gateway) -> None:
        answer = deaf.inquire(reference="PAY-NOBODY")
        assert isinstance(answer, Unknown)
        assert answer.unsent


CALLS: dict[Capability, Callable[[Gateway], Any]] = {
    Capability.HOSTED_PAGE: lambda gateway: gateway.open_page(order=order(), **BACK),
    Capability.PHONE_ENTRY: lambda gateway: gateway.open_phone_entry(order=order(), telephone="01099990012"),
    Capability.CONFIRM: lambda gateway: gateway.confirm(reference="PAY-X", gateway_key="x", amount=1),
    Capability.CAPTURE: lambda gateway: gateway.capture(reference="PAY-X", gateway_key="x", amount=1),
    Capability.ISSUE_ACCOUNT: lambda gateway: gateway.issue_account(
        order=order(), bank="20", holder="서울시", expires_at=now()
    ),
    Capability.CLOSE_ACCOUNT: lambda gateway: gateway.close_account(gateway_key="x"),
    Capability.ISSUE_CODE: lambda gateway: gateway.issue_code(order=order(), expires_at=now()),
    Capability.CANCEL: lambda gateway: gateway.cancel(
        gateway_key="x", reason="twice", amount=None, believed=1, key="x-1"
    ),
    Capability.REPRESENT: lambda gateway: gateway.represent(movement_id="x", statement="paid", evidence=[], key="x"),
    Capability.MANDATE: lambda gateway: gateway.open_mandate(wish=wish(), **BACK),
    Capability.DEBIT: lambda gateway: gateway.debit(mandate_key="x", order=order()),
    Capability.ACCOUNT_HOLDER: lambda gateway: gateway.holder(bank="20", number="100200300"),
    Capability.SETTLEMENTS: lambda gateway: gateway.settlements(start=now().date(), end=now().date(), page=1),
}
