"""`kill -9` at each write of a payment, before and after its commit: the truth is found, and posted once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.access import Role
from core import clock
from payments import services
from payments.models import Attempt, Cancellation, Payment, Reversal
from tests.payments.cast import BACK, BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances
from tests.payments.killing import Doomed
from tests.payments.test_cancellations import a_desk
from tests.payments.test_convenience_store import starts
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket
PAID = {"clearing": 52_000, "revenue": -52_000}
OWED = {"receivable": 52_000, "revenue": -52_000}

A_START = """
{where}
wish = services.Wish([facts["bill"]], 52_000, facts["key"], "ko")
with session_secret(facts["session"]):
    {call}
"""
CARD = 'services.start_card(wish=wish, back=services.ReturnAddresses(**facts["back"]), at=clock.now())'
ACCOUNT = 'services.start_virtual_account(wish=wish, bank="20", at=clock.now())'
CODE = "services.start_store_code(wish=wish, at=clock.now())"
# By the way to pay: where the gateway is asked, and the step that writes its answer down.
STARTS = {
    "card": ("start_card", CARD, "page_opened"),
    "account": ("start_virtual_account", ACCOUNT, "account_issued"),
    "code": ("start_store_code", CODE, "code_issued"),
}
GATEWAY = 'gateway = sys.modules["payments.gateways.sandbox_acquirer"].SandboxAcquirer'
A_RETURN = """
{where}
with session_secret(facts["session"]):
    services.return_from_card(secret=facts["secret"], at=clock.now())
"""
A_SWEEP = """
{where}
services.sweep(at=datetime.fromisoformat(facts["at"]))
"""


@dataclass(frozen=True)
class Payer:
    """Somebody with a bill of 52,000 won, the gateway, and the processes that die on the way."""

    world: World
    visitor: Visitor
    bill: BillFacts
    doomed: Doomed

    def begins(self, way: str, where: str) -> Attempt:
        """Begin to pay in a public process that dies there."""
        module, call, _ = STARTS[way]
        script = A_START.format(where=f'place = of("{module}"); {where}', call=call)
        facts = {"bill": self.bill.id, "key": secrets.token_hex(16), "session": self.visitor.secret}
        back = {"success": BACK.success, "fail": BACK.fail}
        self.doomed("public", script, options=self.world.options, back=back, **facts)
        return Attempt.objects.get()

    def pays(self, attempt: Attempt) -> None:
        """What the payer does with what their page shows by now."""
        if attempt.channel == "card":
            self.world.agree(attempt.page_url)
            with self.visitor.here():
                services.return_from_card(secret=services.link_secret(attempt.reference), at=clock.now())
        elif attempt.channel == "virtual_account":
            self.world.deposit(attempt.virtual_account.number, attempt.amount)
        else:
            self.world.pay_at_till(attempt.virtual_account.number)

    def agreed(self) -> services.Started:
        """With the card typed and the code confirmed; the browser is on its way back."""
        started = self.visitor.starts_card(self.bill)
        self.world.agree(started.go_to)
        return started


@pytest.fixture
def payer(db: None, world: World, as_role: AsRole, doomed: Doomed) -> Payer:
    bill = a_bill()
    return Payer(world, a_visitor(as_role, bill), bill, doomed)


def sweeps(*minutes: float) -> None:
    for one in minutes:
        services.sweep(at=clock.now() + timedelta(minutes=one))


@pytest.mark.parametrize("way", STARTS)
def test_begun_and_never_said_ends_by_itself_and_frees_the_bill(payer: Payer, way: str) -> None:
    attempt = payer.begins(way, "place.first_that_hears = die")
    assert attempt.status == "created"
    sweeps(1, 5, 15, 30)
    attempt.refresh_from_db()
    assert (attempt.status, balances()) == ("expired", OWED)
    assert attempt_of(starts(payer.visitor, payer.bill)).status == "waiting"


@pytest.mark.parametrize("way", STARTS)
@pytest.mark.parametrize("how", ["die", "then_die(place.{step})"], ids=["before the commit", "after it"])
def test_what_the_gateway_opened_is_found_and_paid_once(payer: Payer, way: str, how: str) -> None:
    step = STARTS[way][2]
    attempt = payer.begins(way, f"place.{step} = {how.format(step=step)}")
    sweeps(1)
    attempt.refresh_from_db()
    assert attempt.status == "waiting"
    payer.pays(attempt)
    sweeps(70, 140)
    assert (Payment.objects.count(), balances()) == (1, PAID)
    call_command("ledger_check")


@pytest.mark.parametrize(
    "where",
    ["place.advance = die", "place.advance = then_die(place.advance)", "gateway.confirm = die"],
    ids=["before we say yes", "after that was written", "while it is said"],
)
def test_a_payer_who_agreed_pays_once_or_not_at_all(payer: Payer, where: str) -> None:
    started = payer.agreed()
    place = f'place = of("return_from_card"); {GATEWAY}\n'
    script = A_RETURN.format(where=place + where)
    payer.doomed("public", script, options=payer.world.options, session=payer.visitor.secret, secret=started.secret)
    sweeps(1, 5, 15)
    if where == "place.advance = die":
        assert (attempt_of(started).status, balances()) == ("waiting", OWED)
        payer.visitor.returns(started)  # the payer's browser loads the page again
        sweeps(20)
    else:
        sweeps(25)
    assert (attempt_of(started).status, balances()) == ("paid", PAID)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("how", ["die", "then_die(place.settle)"], ids=["before the commit", "after it"])
def test_a_worker_that_dies_over_the_posting_posts_once(payer: Payer, how: str) -> None:
    started = payer.agreed()
    payer.visitor.returns(started)
    at = (clock.now() + timedelta(minutes=1)).isoformat()
    payer.doomed(
        "worker", A_SWEEP.format(where=f'place = of("ask"); place.settle = {how}'), options=payer.world.options, at=at
    )
    sweeps(5)
    assert (attempt_of(started).status, Payment.objects.count(), balances()) == ("paid", 1, PAID)


@pytest.mark.parametrize(
    "where",
    ["gateway.cancel = die", "place.ask_gateway = die", "place._end = die", "place._end = then_die(place._end)"],
    ids=["before it is said", "after the gateway's yes", "before its end is written", "after it"],
)
def test_a_payment_that_is_given_back_goes_back_once(payer: Payer, as_role: AsRole, where: str) -> None:
    started = payer.agreed()
    payer.visitor.returns(started)
    sweeps(1)
    collector = a_desk(as_role, "collector@example.kr", Role.COLLECTOR)
    approver = a_desk(as_role, "approver@example.kr", Role.APPROVER)
    approver.decides(collector.asks())
    place = f'place = of("cancel_payment"); {GATEWAY}\n'
    at = (clock.now() + timedelta(seconds=1)).isoformat()
    payer.doomed("worker", A_SWEEP.format(where=place + where), options=payer.world.options, at=at)
    sweeps(5, 30)
    assert (Cancellation.objects.get().status, Reversal.objects.count(), balances()) == ("done", 1, OWED)
    assert payer.world.acquirer.order(attempt_of(started).reference)["status"] == "CANCELED"
    call_command("ledger_check")
