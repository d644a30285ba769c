"""Numbers for the till of a convenience store: issued once, paid exactly and once, voided by the clerk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from payments.gateways.base import Capability, Declined, Gateway, IssuedCode, MovementKind, Order, Stage
from tests.payments.contract.base import GatewayContract, done, now, order


class StoreCodeContract(GatewayContract):
    """A number, a till, and what the gateway tells of both."""

    holds = frozenset({Capability.ISSUE_CODE})

    def code(self, gateway: Gateway, wanted: Order) -> IssuedCode:
        made: IssuedCode = done(gateway.issue_code(order=wanted, expires_at=now() + timedelta(hours=72)))
        return made

    def test_a_code_is_issued_once_however_often_it_is_asked_for(self, gateway: Gateway) -> None:
        wanted = order()
        until = now() + timedelta(hours=72)
        answers = [gateway.issue_code(order=wanted, expires_at=until) for _ in range(2)]
        assert answers[0] == answers[1]
        assert self.asked(gateway, wanted).code == done(answers[0])

    def test_a_till_takes_the_exact_sum_once(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        code = self.code(gateway, wanted)
        assert self.asked(gateway, wanted).stage == Stage.WAITING
        assert world.pay_at_till(code.number)
        assert world.pay_at_till(code.number) == ""
        found = self.asked(gateway, wanted)
        assert found.stage == Stage.DONE
        assert [(one.kind, one.amount) for one in found.movements] == [(MovementKind.DEPOSIT, wanted.amount)]

    def test_what_a_clerk_voids_is_told(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        code = self.code(gateway, wanted)
        world.void_at_till(world.pay_at_till(code.number))
        found = self.asked(gateway, wanted)
        assert found.stage == Stage.WAITING
        assert [one.kind.money_came for one in found.movements] == [True, False]

    def test_an_expired_code_is_refused_at_the_till(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        made: IssuedCode = done(gateway.issue_code(order=wanted, expires_at=now() + timedelta(minutes=10)))
        world.pass_time(11 * 60)  # the other tests ask for hours
        assert world.pay_at_till(made.number) == ""
        assert self.asked(gateway, wanted).stage == Stage.EXPIRED

    def test_more_than_a_till_takes_is_declined(self, gateway: Gateway) -> None:
        answer = gateway.issue_code(order=order(gateway.most_by_code + 1), expires_at=now() + timedelta(hours=1))
        assert isinstance(answer, Declined)
