"""What every gateway adapter must do, whichever world it talks to. A subclass of `GatewayContract` per adapter."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from payments.gateways.base import (
    Capability,
    Declined,
    Gateway,
    GatewayPayment,
    HostedPage,
    IssuedAccount,
    MovementKind,
    Order,
    RefusedNotification,
    ReturnAccount,
    Stage,
    Succeeded,
    Unknown,
    UnreadableNotification,
)
from tests.payments.world import DECLINED, NOT_AUTHENTICATED

SEOUL = timezone(timedelta(hours=9))
BACK = {"success_url": "http://127.0.0.1:9/paid", "fail_url": "http://127.0.0.1:9/failed"}


def order(amount: int = 52_000) -> Order:
    return Order(f"PAY-{secrets.token_hex(8).upper()}", amount, "자동차세 2026-1", "ko")


def now() -> datetime:
    return datetime.now(SEOUL)


def done(outcome: Any) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return outcome.value


class GatewayContract:
    """`world` plays the payer and makes faults; `gateway` is the adapter, `deaf` one whose gateway does not answer."""

    def open(self, gateway: Gateway, wanted: Order) -> HostedPage:
        page: HostedPage = done(gateway.open_page(order=wanted, **BACK))
        return page

    def issue(self, gateway: Gateway, wanted: Order, hours: int = 24) -> IssuedAccount:
        until = now() + timedelta(hours=hours)
        made: IssuedAccount = done(
            gateway.issue_account(order=wanted, bank=next(iter(gateway.banks)), holder="서울시", expires_at=until)
        )
        return made

    def asked(self, gateway: Gateway, wanted: Order) -> GatewayPayment:
        found: GatewayPayment = done(gateway.inquire(reference=wanted.reference))
        assert (found.reference, found.amount, found.currency) == (wanted.reference, wanted.amount, "KRW")
        return found

    def paid(self, gateway: Gateway, world: Any, wanted: Order) -> GatewayPayment:
        page = self.open(gateway, wanted)
        world.agree(page.url)
        confirmed: GatewayPayment = done(
            gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount)
        )
        return confirmed

    # Card

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
        confirmed = done(
            gateway.confirm(reference=wanted.reference, gateway_key=page.gateway_key, amount=wanted.amount)
        )
        assert confirmed.stage == Stage.DONE
        (movement,) = confirmed.movements
        assert (movement.kind, movement.amount) == (MovementKind.APPROVAL, wanted.amount)
        assert movement.at.tzinfo is not None
        assert self.asked(gateway, wanted).movements == confirmed.movements

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
        assert self.asked(gateway, wanted).stage == Stage.ABORTED

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
        assert self.asked(gateway, wanted).stage == Stage.DONE

    def test_a_servers_error_is_unknown_never_a_failure(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        world.fault(fault="http_500", endpoint="checkouts", orderId=wanted.reference)
        assert isinstance(gateway.open_page(order=wanted, **BACK), Unknown)
        assert isinstance(gateway.open_page(order=wanted, **BACK), Succeeded)

    def test_a_gateway_that_does_not_answer_is_unknown(self, deaf: Gateway) -> None:
        assert isinstance(deaf.inquire(reference="PAY-NOBODY"), Unknown)
        assert isinstance(deaf.open_page(order=order(), **BACK), Unknown)

    def test_an_order_nobody_made_is_not_found(self, gateway: Gateway) -> None:
        answer = gateway.inquire(reference=order().reference)
        assert isinstance(answer, Declined)
        assert answer.not_found

    # Virtual account

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

    # Giving back

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

    def test_a_deposit_is_given_back_to_an_account(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        world.deposit(account, wanted.amount)
        to = ReturnAccount(bank="20", number="1002003004005", holder="홍길동")
        answer = gateway.cancel(
            gateway_key=account.gateway_key, reason="overpaid", amount=None, believed=52_000, key="b-1", to=to
        )
        assert done(answer).stage == Stage.CANCELLED

    def test_settlement_lines_add_up(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        paid = self.paid(gateway, world, wanted)
        today = now().date()
        lines = done(gateway.settlements(start=today - timedelta(days=1), end=today + timedelta(days=1), page=1))
        (line,) = [line for line in lines if line.reference == wanted.reference]
        assert line.movement_id == paid.movements[0].id
        assert line.amount - line.fee - line.fee_tax == line.paid_out
        assert isinstance(line.sold_on, date)

    # Notifications

    def test_a_notification_is_read_only_with_its_signature(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        paid = self.paid(gateway, world, wanted)
        heard = world.heard(wanted.reference)
        told = gateway.read_notification(body=heard.raw, headers=heard.headers, at=now())
        assert (told.reference, told.currency, told.movement) == (wanted.reference, "KRW", paid.movements[0])
        with pytest.raises(RefusedNotification):
            gateway.read_notification(body=heard.raw + b" ", headers=heard.headers, at=now())
        with pytest.raises(RefusedNotification):
            gateway.read_notification(body=heard.raw, headers={}, at=now())
        with pytest.raises(RefusedNotification):
            gateway.read_notification(body=heard.raw, headers=heard.headers, at=now() + timedelta(minutes=6))

    def test_nonsense_that_is_signed_is_unreadable(self, gateway: Gateway, signed: Any) -> None:
        for body in (b"", b"null", b"[]", b"{", b'{"data": 1}', b"\xff\xfe", b"[" * 50_000):
            with pytest.raises(UnreadableNotification):
                gateway.read_notification(body=body, headers=signed(body), at=now())

    def test_it_declares_what_it_can(self, gateway: Gateway) -> None:
        assert gateway.capabilities <= frozenset(Capability)
        assert Capability.INQUIRE in gateway.capabilities
