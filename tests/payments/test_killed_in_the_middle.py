"""`kill -9` between the gateway's yes and our commit: the money is found, and posted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from payments import services
from payments.models import Payment
from tests.payments.cast import a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.debits import a_giver, attempts, due_today, morning, run, the_debit
from tests.payments.killing import Doomed
from tests.payments.messages import movement_told
from tests.payments.signing import signed_headers
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket

AFTER_THE_GATEWAYS_YES = """
outbox.publish = die
with session_secret(facts["session"]):
    services.return_from_card(secret=facts["secret"], at=clock.now())
"""
BEFORE_THE_POSTING = """
taking.settle_exactly = die
services.take_notification(
    gateway="sandbox_acquirer", body=facts["body"].encode(), headers=facts["headers"], at=clock.now())
"""
AFTER_THE_POSTING = """
taking.settle_exactly = then_die(taking.settle_exactly)
services.take_notification(
    gateway="sandbox_acquirer", body=facts["body"].encode(), headers=facts["headers"], at=clock.now())
"""
BEFORE_THE_BANK_HEARS = """
running._tell_the_bank = die
services.run_debits(at=datetime.fromisoformat(facts["at"]))
"""
AFTER_THE_BANKS_YES = """
running.learn_of_debit = die
services.run_debits(at=datetime.fromisoformat(facts["at"]))
"""
BEFORE_IT_IS_CONCLUDED = """
running.conclude_debits = die
services.run_debits(at=datetime.fromisoformat(facts["at"]))
"""


def test_the_public_process_dies_after_the_gateway_took_the_money(
    world: World, as_role: AsRole, doomed: Doomed
) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.fault(fault="callback_never", orderId=attempt_of(started).reference)
    world.agree(started.go_to)
    doomed("public", AFTER_THE_GATEWAYS_YES, options=world.options, session=visitor.secret, secret=started.secret)
    assert world.acquirer.order(attempt_of(started).reference)["status"] == "DONE"
    assert attempt_of(started).status == "confirming"
    sweep_later(after=timedelta(seconds=30))
    assert attempt_of(started).status == "paid"
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


@pytest.mark.parametrize("script", [BEFORE_THE_POSTING, AFTER_THE_POSTING], ids=["before", "after"])
def test_the_intake_process_dies_around_the_posting(world: World, as_role: AsRole, doomed: Doomed, script: str) -> None:
    bill = a_bill()
    started = a_visitor(as_role, bill).starts_card(bill)
    body = movement_told(attempt_of(started).reference, bill.amount)
    doomed("intake", script, options=world.options, body=body.decode(), headers=signed_headers(body))
    sweep_later(after=timedelta(minutes=2))
    assert attempt_of(started).status == "paid"
    assert Payment.objects.get().amount == bill.amount
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


@pytest.mark.parametrize(
    "script",
    [BEFORE_THE_BANK_HEARS, AFTER_THE_BANKS_YES, BEFORE_IT_IS_CONCLUDED],
    ids=["before the bank hears", "after its yes", "before it is concluded"],
)
def test_a_debit_run_dies_and_the_next_one_finds_the_truth(
    world: World, as_role: AsRole, doomed: Doomed, script: str
) -> None:
    a_giver(as_role, due_today()).gives(world)
    doomed("worker", script, options=world.options, at=morning().isoformat())
    run(morning() + timedelta(minutes=1))
    services.sweep(at=morning() + timedelta(minutes=2))
    run(morning() + timedelta(minutes=3))
    assert attempts() == [("paid", 52_000)]
    assert (the_debit().status, the_debit().tries_made) == ("done", 1)
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
