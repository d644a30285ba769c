"""Mandates and debits: the holder agrees once; then each order debits once, whatever is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest

from payments.gateways.base import (
    Capability,
    Declined,
    Gateway,
    HostedPage,
    MovementKind,
    Pending,
    Stage,
    Succeeded,
    Unknown,
)
from payments.gateways.mandate import DebitRefusal, GatewayMandate, MandateStage, MandateWish
from tests.payments.contract.base import BACK, GatewayContract, done, order, wish
from tests.payments.world import CLOSED, DEBITED_LATER, EMPTY, NOT_THE_HOLDER, an_account


class DebitContract(GatewayContract):
    """A gateway that has holders agree, and debits them."""

    holds = frozenset({Capability.MANDATE, Capability.DEBIT})

    def page_of(self, gateway: Gateway, wanted: MandateWish) -> HostedPage:
        page: HostedPage = done(gateway.open_mandate(wish=wanted, **BACK))
        return page

    def told(self, gateway: Gateway, wanted: MandateWish) -> GatewayMandate:
        found: GatewayMandate = done(gateway.mandate(reference=wanted.reference))
        assert (found.reference, found.bank) == (wanted.reference, wanted.bank)
        return found

    def active(self, gateway: Gateway, world: Any, account: str = "") -> GatewayMandate:
        wanted = wish()
        page = self.page_of(gateway, wanted)
        world.agree_to_debits(page.url, account)
        given: GatewayMandate = done(gateway.confirm_mandate(reference=wanted.reference, gateway_key=page.gateway_key))
        return given

    def test_a_mandate_is_in_force_when_the_holder_agreed_and_we_confirmed(self, gateway: Gateway, world: Any) -> None:
        wanted = wish()
        page = self.page_of(gateway, wanted)
        assert self.page_of(gateway, wanted) == page
        facts = {"reference": wanted.reference, "gateway_key": page.gateway_key}
        assert self.told(gateway, wanted).stage == MandateStage.WAITING
        assert isinstance(gateway.confirm_mandate(**facts), Pending)
        account = an_account()
        world.agree_to_debits(page.url, account)
        assert self.told(gateway, wanted).stage == MandateStage.AGREED
        given = done(gateway.confirm_mandate(**facts))
        assert (given.stage, given.since is not None) == (MandateStage.ACTIVE, True)
        assert given.account
        assert given.account != account
        assert done(gateway.confirm_mandate(**facts)) == given == self.told(gateway, wanted)

    def test_whom_the_bank_does_not_know_as_the_holder_gives_no_mandate(self, gateway: Gateway, world: Any) -> None:
        wanted = wish()
        page = self.page_of(gateway, wanted)
        world.agree_to_debits(page.url, an_account(NOT_THE_HOLDER))
        assert self.told(gateway, wanted).stage == MandateStage.REFUSED
        answer = gateway.confirm_mandate(reference=wanted.reference, gateway_key=page.gateway_key)
        assert isinstance(answer, Declined)

    def test_a_lost_answer_about_a_mandate_is_unknown_and_asking_tells_the_truth(
        self, gateway: Gateway, world: Any
    ) -> None:
        wanted = wish()
        world.fault(fault="lost_answer", endpoint="mandates", orderId=wanted.reference)
        assert isinstance(gateway.open_mandate(wish=wanted, **BACK), Unknown)
        found = self.told(gateway, wanted)
        assert (found.stage, bool(found.page_url)) == (MandateStage.WAITING, True)
        world.agree_to_debits(found.page_url)
        world.fault(fault="lost_answer", endpoint="confirm-mandate", orderId=wanted.reference)
        answer = gateway.confirm_mandate(reference=wanted.reference, gateway_key=found.gateway_key)
        assert isinstance(answer, Unknown)
        assert self.told(gateway, wanted).stage == MandateStage.ACTIVE

    def test_a_mandate_nobody_asked_for_is_not_found(self, gateway: Gateway) -> None:
        answer = gateway.mandate(reference=wish().reference)
        assert isinstance(answer, Declined)
        assert answer.not_found

    def test_a_debit_takes_the_whole_amount_once_however_often_it_is_said(self, gateway: Gateway, world: Any) -> None:
        mandate, wanted = self.active(gateway, world), order()
        first = done(gateway.debit(mandate_key=mandate.gateway_key, order=wanted))
        assert first.stage == Stage.DONE
        (movement,) = first.movements
        assert (movement.kind, movement.amount) == (MovementKind.APPROVAL, wanted.amount)
        assert not isinstance(gateway.debit(mandate_key=mandate.gateway_key, order=wanted), Declined)
        assert self.asked(gateway, wanted).movements == (movement,)

    @pytest.mark.parametrize(
        ("behaviour", "why"), [(EMPTY, DebitRefusal.FUNDS), (CLOSED, DebitRefusal.ACCOUNT)], ids=["empty", "closed"]
    )
    def test_a_refused_debit_takes_nothing_and_says_why_again_when_asked(
        self, gateway: Gateway, world: Any, behaviour: str, why: DebitRefusal
    ) -> None:
        mandate, wanted = self.active(gateway, world, an_account(behaviour)), order()
        answer = gateway.debit(mandate_key=mandate.gateway_key, order=wanted)
        assert isinstance(answer, Declined)
        assert gateway.refusals[answer.code] == why
        found = self.asked(gateway, wanted)
        assert (found.stage, found.movements, found.failure) == (Stage.ABORTED, (), answer.code)
        stage = MandateStage.ENDED if behaviour == CLOSED else MandateStage.ACTIVE
        assert done(gateway.mandate(reference=mandate.reference)).stage == stage

    def test_an_empty_account_pays_another_order_once_money_is_in_it(self, gateway: Gateway, world: Any) -> None:
        account = an_account(EMPTY)
        mandate, wanted = self.active(gateway, world, account), order()
        world.put_money_in(account, wanted.amount)
        assert done(gateway.debit(mandate_key=mandate.gateway_key, order=wanted)).stage == Stage.DONE
        assert isinstance(gateway.debit(mandate_key=mandate.gateway_key, order=order(amount=1)), Declined)

    def test_a_lost_answer_to_a_debit_is_unknown_and_asking_tells_the_truth(self, gateway: Gateway, world: Any) -> None:
        mandate, wanted = self.active(gateway, world), order()
        world.fault(fault="lost_answer", endpoint="debits", orderId=wanted.reference)
        assert isinstance(gateway.debit(mandate_key=mandate.gateway_key, order=wanted), Unknown)
        assert self.asked(gateway, wanted).stage == Stage.DONE

    def test_a_debit_that_never_arrived_is_not_found_and_can_be_said_again(self, gateway: Gateway, world: Any) -> None:
        mandate, wanted = self.active(gateway, world), order()
        world.fault(fault="http_500", endpoint="debits", orderId=wanted.reference)
        assert isinstance(gateway.debit(mandate_key=mandate.gateway_key, order=wanted), Unknown)
        answer = gateway.inquire(reference=wanted.reference)
        assert isinstance(answer, Declined)
        assert answer.not_found
        assert isinstance(gateway.debit(mandate_key=mandate.gateway_key, order=wanted), Succeeded)

    def test_a_debit_that_the_bank_decides_later_is_told_as_being_processed(self, gateway: Gateway, world: Any) -> None:
        mandate, wanted = self.active(gateway, world, an_account(DEBITED_LATER)), order()
        assert isinstance(gateway.debit(mandate_key=mandate.gateway_key, order=wanted), Unknown)
        assert isinstance(gateway.debit(mandate_key=mandate.gateway_key, order=wanted), Pending)
        found = self.asked(gateway, wanted)
        assert (found.stage, found.movements) == (Stage.PROCESSING, ())

    @pytest.mark.parametrize("by", ["us", "the holder"])
    def test_what_was_revoked_is_not_debited(self, gateway: Gateway, world: Any, by: str) -> None:
        mandate, wanted = self.active(gateway, world), order()
        if by == "us":
            for _ in range(2):
                assert done(gateway.revoke_mandate(gateway_key=mandate.gateway_key)).stage == MandateStage.ENDED
        else:
            world.holder_revokes(mandate.gateway_key)
        ended = done(gateway.mandate(reference=mandate.reference))
        assert (ended.stage, ended.ended_at is not None) == (MandateStage.ENDED, True)
        answer = gateway.debit(mandate_key=mandate.gateway_key, order=wanted)
        assert isinstance(answer, Declined)
        assert gateway.refusals[answer.code] == DebitRefusal.MANDATE

    def test_a_bank_that_does_not_answer_is_unknown(self, deaf: Gateway) -> None:
        assert isinstance(deaf.open_mandate(wish=wish(), **BACK), Unknown)
        assert isinstance(deaf.debit(mandate_key="mdt_x", order=order()), Unknown)
