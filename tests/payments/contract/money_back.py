"""Giving back, whole or part, and the rows of what the gateway pays out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from payments.gateways.base import (
    Capability,
    Declined,
    EvidenceFile,
    Gateway,
    MovementKind,
    ObjectionState,
    ReturnAccount,
    Stage,
)
from tests.payments.contract.base import GatewayContract, done, now, order


class CardMoneyBackContract(GatewayContract):
    """A payment on a hosted page is given back."""

    holds = frozenset({Capability.CANCEL, Capability.PARTIAL_CANCEL})

    def test_part_and_rest_of_a_card_payment_are_given_back(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        paid = self.paid(gateway, world, wanted)
        part = done(
            gateway.cancel(gateway_key=paid.gateway_key, reason="overpaid", amount=2_000, believed=52_000, key="a-1")
        )
        assert part.stage == Stage.DONE
        stale = gateway.cancel(gateway_key=paid.gateway_key, reason="twice", amount=1, believed=52_000, key="a-2")
        assert isinstance(stale, Declined)
        rest = done(gateway.cancel(gateway_key=paid.gateway_key, reason="all", amount=None, believed=50_000, key="a-3"))
        assert rest.stage == Stage.CANCELLED
        found = self.asked(gateway, wanted)
        assert [(one.kind, one.amount) for one in found.movements] == [
            (MovementKind.APPROVAL, 52_000),
            (MovementKind.CANCEL, 2_000),
            (MovementKind.CANCEL, 50_000),
        ]
        assert found.movements[0] == paid.movements[0]


class AccountMoneyBackContract(GatewayContract):
    """A deposit is given back."""

    holds = frozenset({Capability.CANCEL, Capability.PARTIAL_CANCEL})

    def test_a_deposit_is_given_back_to_an_account(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        world.deposit(account, wanted.amount)
        to = ReturnAccount(bank="20", number="1002003004005", holder="홍길동")
        answer = gateway.cancel(
            gateway_key=account.gateway_key, reason="overpaid", amount=None, believed=52_000, key="b-1", to=to
        )
        assert done(answer).stage == Stage.CANCELLED


class ObjectionContract(GatewayContract):
    """A cardholder objects, the city answers, the card company decides."""

    holds = frozenset({Capability.REPRESENT})

    def test_an_objection_takes_the_money_and_a_won_one_brings_it_back(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        self.paid(gateway, world, wanted)
        key = world.object_to(wanted.reference, reason="not mine")
        told = done(gateway.objection(movement_id=key))
        assert (told.movement_id, told.reference, told.amount) == (key, wanted.reference, wanted.amount)
        assert (told.state, told.reason) == (ObjectionState.OPEN, "not mine")
        evidence = [EvidenceFile("receipt.pdf", "pdf", b"%PDF-1.7 the receipt" * 10_000)]
        for _ in range(2):
            answered = gateway.represent(movement_id=key, statement="paid", evidence=evidence, key=f"r-{key}")
            assert done(answered).state == ObjectionState.REPRESENTED
        late = gateway.represent(movement_id=key, statement="paid", evidence=evidence, key=f"again-{key}")
        assert isinstance(late, Declined)
        world.decide(key, "won")
        found = self.asked(gateway, wanted)
        assert [one.kind for one in found.movements] == [
            MovementKind.APPROVAL,
            MovementKind.CHARGEBACK,
            MovementKind.REPRESENTMENT,
        ]
        assert found.movements[2].of == key
        assert done(gateway.objection(movement_id=key)).state == ObjectionState.WON

    def test_an_objection_nobody_made_is_not_found(self, gateway: Gateway) -> None:
        answer = gateway.objection(movement_id="txn_nobody")
        assert isinstance(answer, Declined)
        assert answer.not_found


class HolderContract(GatewayContract):
    """Whose an account is."""

    holds = frozenset({Capability.ACCOUNT_HOLDER})

    def test_a_bank_names_the_holder_and_knows_no_account_of_nobody(self, gateway: Gateway, world: Any) -> None:
        world.opens_account("20", "1002003004005", "홍길동")
        assert done(gateway.holder(bank="20", number="1002003004005")) == "홍길동"
        nobody = gateway.holder(bank="20", number="9990001112223")
        assert isinstance(nobody, Declined)
        assert nobody.not_found


class SettlementContract(GatewayContract):
    """What the gateway pays out."""

    holds = frozenset({Capability.SETTLEMENTS})

    def test_settlement_lines_add_up(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        paid = self.paid(gateway, world, wanted)
        world.until_settled()
        today = now().date()
        lines = done(gateway.settlements(start=today - timedelta(days=1), end=today + timedelta(days=1), page=1))
        (line,) = [line for line in lines if line.reference == wanted.reference]
        assert line.movement_id == paid.movements[0].id
        assert line.amount - line.fee - line.fee_tax == line.paid_out
        assert isinstance(line.sold_on, date)
