"""Paying by telephone keys: the payer types in the gateway's own call, and nothing is taken before we say so."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from payments.gateways.base import Capability, Declined, Gateway, MovementKind, Order, PhoneEntry, Stage, Unknown
from tests.payments.contract.base import GatewayContract, done, order
from tests.payments.world import DECLINED, NOT_AUTHENTICATED


def a_telephone() -> str:
    return f"0109998{secrets.randbelow(10_000):04d}"


class PhoneEntryContract(GatewayContract):
    """Card and consent by keypad tone (버튼식 ARS)."""

    holds = frozenset({Capability.PHONE_ENTRY})

    def call_up(self, gateway: Gateway, wanted: Order, telephone: str) -> PhoneEntry:
        entry: PhoneEntry = done(gateway.open_phone_entry(order=wanted, telephone=telephone))
        return entry

    def test_money_is_taken_only_when_we_confirm_what_was_typed(self, gateway: Gateway, world: Any) -> None:
        wanted, telephone = order(), a_telephone()
        entry = self.call_up(gateway, wanted, telephone)
        assert self.asked(gateway, wanted).stage == Stage.WAITING
        world.press_keys(telephone)
        agreed = self.asked(gateway, wanted)
        assert (agreed.stage, agreed.movements, agreed.page_url) == (Stage.AUTHENTICATED, (), "")
        taken = done(gateway.confirm(reference=wanted.reference, gateway_key=entry.gateway_key, amount=wanted.amount))
        assert [(one.kind, one.amount) for one in taken.movements] == [(MovementKind.APPROVAL, wanted.amount)]
        assert self.asked(gateway, wanted).movements == taken.movements

    def test_a_telephone_is_called_once_however_often_it_is_asked_for(self, gateway: Gateway) -> None:
        wanted, telephone = order(), a_telephone()
        assert self.call_up(gateway, wanted, telephone) == self.call_up(gateway, wanted, telephone)

    @pytest.mark.parametrize("way", ["hangs up", "refuses", "is refused"])
    def test_a_caller_who_does_not_agree_pays_nothing(self, gateway: Gateway, world: Any, way: str) -> None:
        wanted, telephone = order(), a_telephone()
        self.call_up(gateway, wanted, telephone)
        if way == "hangs up":
            world.hang_up(telephone)
        elif way == "refuses":
            world.press_keys(telephone, consent="2")
        else:
            world.press_keys(telephone, NOT_AUTHENTICATED)
        found = self.asked(gateway, wanted)
        assert (found.stage, found.movements) == (Stage.ABORTED, ())
        assert found.failure

    def test_a_declined_card_takes_nothing(self, gateway: Gateway, world: Any) -> None:
        wanted, telephone = order(), a_telephone()
        entry = self.call_up(gateway, wanted, telephone)
        world.press_keys(telephone, DECLINED)
        answer = gateway.confirm(reference=wanted.reference, gateway_key=entry.gateway_key, amount=wanted.amount)
        assert isinstance(answer, Declined)
        assert self.asked(gateway, wanted).stage == Stage.ABORTED

    def test_a_lost_answer_is_unknown_and_asking_tells_whether_the_telephone_rings(
        self, gateway: Gateway, world: Any
    ) -> None:
        wanted = order()
        world.fault(fault="lost_answer", endpoint="phone-entries", orderId=wanted.reference)
        answer = gateway.open_phone_entry(order=wanted, telephone=a_telephone())
        assert isinstance(answer, Unknown)
        assert not answer.unsent
        assert self.asked(gateway, wanted).stage == Stage.WAITING

    def test_a_call_of_a_gateway_that_does_not_answer_is_unknown(self, deaf: Gateway) -> None:
        answer = deaf.open_phone_entry(order=order(), telephone=a_telephone())
        assert isinstance(answer, Unknown)
        assert answer.unsent
