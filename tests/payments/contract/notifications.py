"""Messages that prove their origin by a signature, and those that are hints and prove nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from payments.gateways.base import Gateway, RefusedNotification, UnreadableNotification
from tests.payments.contract.base import GatewayContract, now, order


class SignedContract(GatewayContract):
    """A signed notification names the movement itself."""

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


class HintContract(GatewayContract):
    """A notification that nobody signed says whom to ask about, and shows the account's secret if it has one."""

    def test_a_notification_names_the_order_and_no_money(self, gateway: Gateway, world: Any) -> None:
        wanted = order()
        self.paid(gateway, world, wanted)
        heard = world.heard(wanted.reference)
        told = gateway.read_notification(body=heard.raw, headers=heard.headers, at=now())
        assert (told.reference, told.currency, told.movement) == (wanted.reference, "KRW", None)

    def test_a_notification_about_an_account_shows_the_secret_given_at_issue(
        self, gateway: Gateway, world: Any
    ) -> None:
        wanted = order()
        account = self.issue(gateway, wanted)
        world.deposit(account, wanted.amount)
        heard = [world.heard(wanted.reference) for _ in range(4)]
        told = [gateway.read_notification(body=one.raw, headers=one.headers, at=now()) for one in heard]
        assert {(one.reference, one.secret, one.movement) for one in told} == {(wanted.reference, account.secret, None)}
        assert account.secret
        assert account.secret not in f"{account}{told}"

    def test_nonsense_is_unreadable(self, gateway: Gateway) -> None:
        for body in (
            b"",
            b"null",
            b"[]",
            b"{",
            b"7",
            b'{"data": 1}',
            b'{"eventType": "X"}',
            b"\xff\xfe",
            b"[" * 50_000,
        ):
            with pytest.raises(UnreadableNotification):
                gateway.read_notification(body=body, headers={}, at=now())
