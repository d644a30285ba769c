"""`kill -9` between the gateway's yes and our commit: the money is found, and posted once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from payments import services
from payments.models import Payment
from tests.payments.cast import a_bill, a_visitor, attempt_of, balances, sweep_later
from tests.payments.debits import MORNING, a_giver, attempts, due_today, run, the_debit
from tests.payments.messages import movement_told
from tests.payments.signing import signed_headers
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.live import face_environment

pytestmark = pytest.mark.socket
CHECKOUT = Path(__file__).resolve().parent.parent.parent

# Children do one step of ours and die by the signal that cannot be caught, at a place that the test names.
PRELUDE = """
import json, os, signal, sys
from datetime import datetime
import django
django.setup()
from django.conf import settings
from core import clock, outbox
from core.db.session import session_secret
from payments import services
taking = sys.modules["payments.services.take_notification"]
facts = json.loads(sys.argv[1])
settings.GATEWAYS = {"sandbox_acquirer": facts["options"]}
def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
"""
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
real = taking.settle_exactly
def post_and_die(**named):
    real(**named)
    die()
taking.settle_exactly = post_and_die
services.take_notification(
    gateway="sandbox_acquirer", body=facts["body"].encode(), headers=facts["headers"], at=clock.now())
"""
BEFORE_THE_BANK_HEARS = """
running = sys.modules["payments.services.debits.run"]
running._tell_the_bank = die
services.run_debits(at=datetime.fromisoformat(facts["at"]))
"""
AFTER_THE_BANKS_YES = """
running = sys.modules["payments.services.debits.run"]
running.learn_of_debit = die
services.run_debits(at=datetime.fromisoformat(facts["at"]))
"""
BEFORE_IT_IS_CONCLUDED = """
running = sys.modules["payments.services.debits.run"]
running.conclude_debits = die
services.run_debits(at=datetime.fromisoformat(facts["at"]))
"""


def killed(script: str, face: str, database: str, **facts: object) -> None:
    """Run the script as a face's process and see it die by SIGKILL."""
    child = subprocess.run(
        [sys.executable, "-c", PRELUDE + script, json.dumps(facts)],
        cwd=CHECKOUT,
        env={**face_environment(face, database), "PYTHONPATH": os.fspath(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr


def test_the_public_process_dies_after_the_gateway_took_the_money(
    world: World, as_role: AsRole, database_name: str
) -> None:
    bill = a_bill()
    visitor = a_visitor(as_role, bill)
    started = visitor.starts_card(bill)
    world.fault(fault="callback_never", orderId=attempt_of(started).reference)
    world.agree(started.go_to)
    killed(
        AFTER_THE_GATEWAYS_YES,
        "public",
        database_name,
        options=world.options,
        session=visitor.secret,
        secret=started.secret,
    )
    assert world.acquirer.order(attempt_of(started).reference)["status"] == "DONE"
    assert attempt_of(started).status == "confirming"
    sweep_later(after=timedelta(seconds=30))
    assert attempt_of(started).status == "paid"
    assert balances() == {"clearing": 52_000, "revenue": -52_000}


@pytest.mark.parametrize("script", [BEFORE_THE_POSTING, AFTER_THE_POSTING], ids=["before", "after"])
def test_the_intake_process_dies_around_the_posting(
    world: World, as_role: AsRole, database_name: str, script: str
) -> None:
    bill = a_bill()
    started = a_visitor(as_role, bill).starts_card(bill)
    body = movement_told(attempt_of(started).reference, bill.amount)
    killed(script, "intake", database_name, options=world.options, body=body.decode(), headers=signed_headers(body))
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
    world: World, as_role: AsRole, database_name: str, script: str
) -> None:
    a_giver(as_role, due_today()).gives(world)
    killed(script, "worker", database_name, options=world.options, at=MORNING.isoformat())
    run(MORNING + timedelta(minutes=1))
    services.sweep(at=MORNING + timedelta(minutes=2))
    run(MORNING + timedelta(minutes=3))
    assert attempts() == [("paid", 52_000)]
    assert (the_debit().status, the_debit().tries_made) == ("done", 1)
    assert balances() == {"clearing": 52_000, "revenue": -52_000}
