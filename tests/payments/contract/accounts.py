"""Virtual accounts: issued once, each deposit told by itself, closed with an answer that says what came before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from payments.gateways.base import Capability, Declined, Gateway, MovementKind, Stage
from tests.payments.contract.base import GatewayContract, done, now, order


class AccountContract(GatewayContract):
    """Issuing and closing."""

    holds = frozenset({Capability.ISSUE_ACCOUNT, Capability.CLOSE_ACCOUNT})

    def test_deposits_are_told_one_by_one_with_their_own_moment(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        assert self.asked(gateway, wanted).account == account
        world.deposit(account, 20_000)
        assert self.asked(gateway, wanted).stage == Stage.WAITING
        world.deposit(account, 32_000)
        found = self.asked(gateway, wanted)
        assert found.stage == Stage.DONE
        assert [(one.kind, one.amount) for one in found.movements] == [
            (MovementKind.DEPOSIT, 20_000),
            (MovementKind.DEPOSIT, 32_000),
        ]
        assert len({one.id for one in found.movements}) == 2

    def test_an_account_is_issued_once_however_often_it_is_asked_for(self, gateway: Gateway) -> None:
        wanted = order()
        until = now() + timedelta(hours=24)
        bank = next(iter(gateway.banks))
        answers = [gateway.issue_account(order=wanted, bank=bank, holder="서울시", expires_at=until) for _ in range(2)]
        assert answers[0] == answers[1]

    def test_an_unknown_bank_is_declined(self, gateway: Gateway) -> None:
        answer = gateway.issue_account(order=order(), bank="99", holder="서울시", expires_at=now() + timedelta(hours=1))
        assert isinstance(answer, Declined)

    def test_a_closed_account_says_what_came_before(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        world.deposit(account, 1_000)
        closed = done(gateway.close_account(gateway_key=account.gateway_key))
        assert closed.stage == Stage.EXPIRED
        assert [one.amount for one in closed.movements] == [1_000]

    def test_a_deposit_that_the_bank_takes_back_is_told(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        world.take_back(world.deposit(account, wanted.amount))
        found = self.asked(gateway, wanted)
        assert found.stage == Stage.WAITING
        assert [one.kind.money_came for one in found.movements] == [True, False]
