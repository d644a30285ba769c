"""The process that gateways and machines talk to takes back only what a stored message of theirs tells."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection

from core import clock
from payments import services
from payments.gateways.base import Movement, MovementKind
from payments.models import Payment, Reversal
from payments.rules.allocation import Share
from payments.states import Channel, Verdict
from tests.payments.cast import a_bill
from tests.payments.days import GATEWAY, sale
from tests.payments.messages import arrive, movement_told
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def paid(db: None) -> Payment:
    return sale(at=clock.now() - timedelta(hours=1))


def told_back(paid: Payment, amount: int = 52_000, **changes: object) -> bytes:
    named = {"kind": "CANCEL", "originalTransactionKey": paid.movement_id, "status": "CANCELED"}
    return movement_told(paid.reference, amount, **{**named, **changes})


def test_a_signed_message_takes_back_all_that_is_left(world: World, paid: Payment, as_role: AsRole) -> None:
    with as_role("intake"):
        assert arrive(told_back(paid)) == Verdict.PROCESSED
    assert Reversal.objects.get().posted_at is not None


def stored(gateway: str, body: bytes) -> int:
    with connection.cursor() as cursor:
        digest = secrets.token_hex(32)
        cursor.execute("SELECT payments_receive(%s, %s, %s, %s)", [gateway, digest, body, "{}"])
        return int(cursor.fetchone()[0])


def says(
    gateway: str, of: str, message: int | None, *, kind: str = "cancel", amount: int = 52_000, name: str = "F"
) -> None:
    movement = {"id": name, "kind": kind, "amount": amount, "currency": "KRW", "at": clock.now().isoformat()}
    with connection.cursor() as cursor:
        values = [gateway, "", of, json.dumps(movement), message]
        cursor.execute("SELECT payments_reverse(%s, %s, %s, %s, %s, now())", values)


def test_what_no_message_of_the_gateway_told_is_refused(paid: Payment, as_role: AsRole) -> None:
    body = json.dumps({"id": "F", "of": paid.movement_id}).encode()
    with as_role("intake"):
        named, other, silent = stored(GATEWAY, body), stored("toss", body), stored(GATEWAY, b"{}")
        for forged in (
            partial(says, GATEWAY, paid.movement_id, None),
            partial(says, GATEWAY, paid.movement_id, other),
            partial(says, GATEWAY, paid.movement_id, silent),
            partial(says, GATEWAY, paid.movement_id, named, amount=1_000),
            partial(says, GATEWAY, paid.movement_id, named, kind="bounce"),
            partial(says, GATEWAY, "never-came", named),
        ):
            with pytest.raises(DatabaseError, match="not what a message"):
                forged()
    assert not Reversal.objects.exists()


@pytest.mark.parametrize("gateway", ["atm:088", "statement:088", "counter:11110", "suspense"])
def test_it_speaks_for_no_statement_counter_or_suspense_nor_for_a_machine_that_said_nothing(
    db: None, as_role: AsRole, gateway: str
) -> None:
    bill = a_bill()
    shares, came = [Share(bill.id, 52_000)], Movement("A", MovementKind.DEPOSIT, 52_000, clock.now())
    services.pay_directly(gateway=gateway, channel=Channel.BANK_TRANSFER, movement=came, shares=shares, at=clock.now())
    with as_role("intake"):
        message = stored(gateway, b"F A AR")
        kind, name = ("reversal", "AR") if gateway.startswith("atm") else ("deposit_return", "F")
        with pytest.raises(DatabaseError, match="not what a message"):
            says(gateway, "A", message, kind=kind, name=name)
    assert not Reversal.objects.exists()
