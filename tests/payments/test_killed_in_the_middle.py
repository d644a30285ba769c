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

from payments.models import Payment
from tests.payments.cast import a_bill, a_visitor, attempt_of, balances, sweep_later
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
