"""Paying on the gateway's own page: the payer agrees there, and nothing is taken before we say so."""

from __future__ import annotations

from typing import Any

import pytest

from payments.gateways.base import (
    Capability,
    Declined,
    Gateway,
    Method,
    MovementKind,
    Stage,
    Succeeded,
    Unknown,
)
from tests.payments.contract.base import BACK, GatewayContract, RemoteContract, order
from tests.payments.world import DECLINED, NOT_AUTHENTICATED


class PageContract(RemoteContract):
    """Hosted page and confirmation. A class whose gateway does wallets or phone bills adds them to `holds`."""

    holds = frozenset({Capability.HOSTED_PAGE, Capability.CARD, Capability.CONFIRM})

    def test_a_page_is_opened_once_however_often_it_is_asked_for(self, gateway: Gateway) -> None:
        wanted = order()
        assert self.open(gateway, wanted) == self.open(gateway, wanted)

    def test_money_is_taken_only_when_we_confirm(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        page = self.open(gateway, wanted)
        assert self.asked(gateway, wanted).stage == Stage.WAITING
        world.agree(page.url)
        assert self.asked(gateway, wanted).stage == Stage.AUTHENTICATED
        assert self.asked(gateway, wanted).movements == ()
        taken = self.taken(gateway, wanted, page)
        assert taken.stage == Stage.DONE
        (movement,) = taken.movements
        assert (movement.kind, movement.amount) == (MovementKind.APPROVAL, wanted.amount)
        assert movement.at.tzinfo is not None
        assert self.asked(gateway, wanted).movements == taken.movements

    def test_confirming_twice_charges_once(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        first = self.paid(gateway, world, wanted)
        again = gateway.confirm(reference=wanted.reference, gateway_key=first.gateway_key, amount=wanted.amount)
        assert not isinstance(again, Declined)
        assert self.asked(gateway, wanted).movements == first.movements

    def test_a_declined_card_is_declined_and_takes_nothing(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        page = self.open(gateway, wanted)
        world.agree(page.url, DECLINED)
        answer = gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount)
        assert isinstance(answer, Declined)
        found = self.asked(gateway, wanted)
        assert (found.stage, found.movements) == (Stage.ABORTED, ())
        assert found.failure

    @pytest.mark.parametrize("way", ["gives up", "is refused"])
    def test_a_payer_who_does_not_agree_pays_nothing(self, gateway: Gateway, world: Any, way: str) -> None:
        wanted = order()
        page = self.open(gateway, wanted)
        _ = world.refuse(page.url) if way == "gives up" else world.agree(page.url, NOT_AUTHENTICATED)
        found = self.asked(gateway, wanted)
        # Where the gateway lets whoever gave up come back to its page, the payment waits.
        assert found.stage == Stage.ABORTED or (way == "gives up" and found.stage == Stage.WAITING)
        assert found.movements == ()

    def test_confirming_another_amount_takes_nothing(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        page = self.open(gateway, wanted)
        world.agree(page.url)
        answer = gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=1)
        assert isinstance(answer, Declined)
        assert self.asked(gateway, wanted).movements == ()

    def test_a_lost_answer_is_unknown_and_asking_tells_the_truth(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        page = self.open(gateway, wanted)
        world.agree(page.url)
        world.fault(fault="lost_answer", endpoint="confirm", orderId=wanted.reference)
        answer = gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount)
        assert isinstance(answer, Unknown)
        assert self.asked(gateway, wanted).stage in {Stage.DONE, Stage.RESERVED}

    def test_a_servers_error_is_unknown_never_a_failure(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        world.fault(fault="http_500", endpoint="checkouts", orderId=wanted.reference)
        assert isinstance(gateway.open_page(order=wanted, **BACK), Unknown)
        assert isinstance(gateway.open_page(order=wanted, **BACK), Succeeded)

    def test_a_page_of_a_gateway_that_does_not_answer_is_unknown(self, deaf: Gateway) -> None:
        assert isinstance(deaf.open_page(order=order(), **BACK), Unknown)

    def test_every_declared_method_is_paid_on_a_page_of_its_own(self, gateway: Gateway, world: Any) -> None:
        methods = [method for method in Method if Capability(method) in gateway.capabilities]
        for method in methods:
            wanted = order(method=method)
            page = self.open(gateway, wanted)
            world.agree(page.url, method=method)
            assert self.taken(gateway, wanted, page).stage == Stage.DONE


class CaptureContract(GatewayContract):
    """Where confirming reserves the money, and capturing takes it."""

    holds = frozenset({Capability.CAPTURE})

    def test_what_is_confirmed_is_only_reserved_until_we_capture(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        page = self.open(gateway, wanted)
        world.agree(page.url)
        facts: dict[str, Any] = {
            "reference": wanted.reference,
            "gateway_key": page.gateway_key,
            "amount": wanted.amount,
        }
        assert isinstance(gateway.confirm(**facts), Succeeded)
        reserved = self.asked(gateway, wanted)
        assert (reserved.stage, reserved.movements) == (Stage.RESERVED, ())
        assert isinstance(gateway.capture(**facts), Succeeded)
        assert not isinstance(gateway.capture(**facts), Declined)
        assert len(self.asked(gateway, wanted).movements) == 1

    def test_capturing_another_amount_takes_nothing(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        page = self.open(gateway, wanted)
        world.agree(page.url)
        gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount)
        answer = gateway.capture(reference=wanted.reference, gateway_key=page.gateway_key, amount=1)
        assert isinstance(answer, Declined)
        assert self.asked(gateway, wanted).stage == Stage.RESERVED
