"""Virtual accounts: issued once, each deposit told by itself, closed with an answer that says what came before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from payments.gateways.base import Capability, Declined, Gateway, MovementKind, Stage
from tests.payments.contract.base import GatewayContract, done, now, order


class IssuingContract(GatewayContract):
    """Issuing, whatever the account then takes."""

    holds = frozenset({Capability.ISSUE_ACCOUNT, Capability.CLOSE_ACCOUNT})

    def test_an_account_is_issued_once_however_often_it_is_asked_for(self, gateway: Gateway) -> None:
        wanted = order()
        until = now() + timedelta(hours=72)
        bank = next(iter(gateway.banks))
        answers = [gateway.issue_account(order=wanted, bank=bank, holder="서울시", expires_at=until) for _ in range(2)]
        assert answers[0] == answers[1]

    def test_an_unknown_bank_is_declined(self, gateway: Gateway) -> None:
        answer = gateway.issue_account(order=order(), bank="99", holder="서울시", expires_at=now() + timedelta(hours=1))
        assert isinstance(answer, Declined)


class AccountContract(IssuingContract):
    """An account that takes any sum, however often."""

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


class ExactAccountContract(IssuingContract):
    """An account that takes its exact sum in one transfer; what the bank took back is no longer told at all."""

    def test_the_exact_sum_pays_and_another_is_refused_by_the_bank(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        assert self.asked(gateway, wanted).account == account
        for amount in (wanted.amount - 1, wanted.amount + 1):
            assert world.deposit(account, amount) == ""
        world.deposit(account, wanted.amount)
        assert world.deposit(account, wanted.amount) == ""
        found = self.asked(gateway, wanted)
        assert (found.stage, found.complete) == (Stage.DONE, True)
        assert [(one.kind, one.amount) for one in found.movements] == [(MovementKind.DEPOSIT, wanted.amount)]

    def test_what_the_bank_took_back_is_gone_and_the_next_deposit_another_one(
        self, gateway: Gateway, world: Any
    ) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        transfer = world.deposit(account, wanted.amount)
        (first,) = self.asked(gateway, wanted).movements
        world.take_back(transfer)
        gone = self.asked(gateway, wanted)
        assert (gone.stage, gone.movements, gone.complete) == (Stage.WAITING, (), True)
        world.pass_time(1)
        world.deposit(account, wanted.amount)
        (second,) = self.asked(gateway, wanted).movements
        assert second.id != first.id

    def test_an_account_is_closed_before_a_deposit_and_tells_of_one_that_was_quicker(
        self, gateway: Gateway, world: Any
    ) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        closed = done(gateway.close_account(gateway_key=account.gateway_key))
        assert (closed.stage, closed.movements) == (Stage.CANCELLED, ())
        assert world.deposit(account, wanted.amount) == ""
        wanted = order()
        account = self.issue(gateway, wanted)
        world.deposit(account, wanted.amount)
        late = done(gateway.close_account(gateway_key=account.gateway_key))
        assert (late.stage, [one.amount for one in late.movements]) == (Stage.DONE, [wanted.amount])
