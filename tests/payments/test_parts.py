"""What of a bill may be paid by itself: the parts of a plan, one after the other."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction

from accounts.models import Account
from core import clock
from payments import selectors, services
from payments.services import NotThisPart, Way, Wish
from tests.payments.cast import BACK, TODAY, BillFacts, Visitor, a_bill, a_visitor, balances, sweep_later
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def planned(db: None) -> BillFacts:
    """52,000 won in two parts: 30,000 until the due date, 22,000 two months later."""
    bill = a_bill()
    due = TODAY + timedelta(days=20)
    officer = Account.objects.create(email="planner@example.kr", kind="officer")
    model = apps.get_model
    with transaction.atomic():
        change = model("billing", "BillChange").objects.create(
            bill_id=bill.id, kind="instalments", status="done", amount=0, details={}, reason="요청", article="제118조",
            needs_second=False, asked_by_id=officer.pk, asked_at=clock.now(), done_at=clock.now(),
        )  # fmt: skip
        fact = model("billing", "BillFact").objects.create(
            bill_id=bill.id, kind="instalments", from_on=TODAY, change=change
        )
        car, education = model("billing", "BillLine").objects.filter(bill_id=bill.id).order_by("position")
        for number, line, amount in ((1, car, 18_000), (1, education, 12_000), (2, car, 22_000)):
            day = due if number == 1 else due + timedelta(days=60)
            model("billing", "Instalment").objects.create(
                fact=fact, line=line, number=number, due_on=day, amount=amount
            )
    return bill


def pay(visitor: Visitor, bill: BillFacts, amount: int, owed: int = 52_000) -> services.Started:
    wish = Wish([bill.id], owed, secrets.token_hex(16), "ko", way=Way.PART, amount=amount)
    with visitor.here():
        return services.start_card(wish=wish, back=BACK, at=clock.now())


def test_the_next_part_of_a_plan_is_offered_and_paid_by_itself(
    world: World, as_role: AsRole, planned: BillFacts
) -> None:
    visitor = a_visitor(as_role, planned)
    assert offered(visitor, planned) == (30_000,)
    with pytest.raises(NotThisPart):
        pay(visitor, planned, 20_000)
    started = pay(visitor, planned, 30_000)
    world.agree(started.go_to)
    visitor.returns(started)
    sweep_later(after=timedelta(seconds=30))
    assert balances() == {"clearing": 30_000, "receivable": 22_000, "revenue": -52_000}
    assert offered(visitor, planned) == ()


def offered(visitor: Visitor, bill: BillFacts) -> tuple[int, ...]:
    with visitor.here(), transaction.atomic():
        (payable,) = selectors.payable(bill_ids=[bill.id], on=TODAY)
        return services.part_choice(bill=payable, at=clock.now()).plan
