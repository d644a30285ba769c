"""What of a bill may be paid by itself: the parts of a plan, one after the other."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.db import transaction

from core import clock
from payments import selectors, services
from payments.services import NotThisPart, Way, Wish
from tests.payments.cast import BACK, BillFacts, Visitor, a_bill, a_visitor, balances, sweep_later, today
from tests.payments.plans import in_two_parts
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def planned(db: None) -> BillFacts:
    bill = a_bill()
    in_two_parts(bill, due=today() + timedelta(days=20))
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
        (payable,) = selectors.payable(bill_ids=[bill.id], on=today())
        return services.part_choice(bill=payable, at=clock.now()).plan
