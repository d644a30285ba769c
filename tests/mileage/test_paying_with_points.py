"""A bill paid with points, alone or with another way for the rest; and what becomes of them where it goes wrong."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from accounts.access import Role
from accounts.models import Taxpayer
from core import clock
from mileage.models import EarnedBill, Posting, Use
from mileage.services import NotEnoughPoints
from mileage.states import UseStatus
from payments import services
from payments.gateways.base import Movement, MovementKind
from payments.models import Attempt
from payments.rules.allocation import Share
from payments.services import Wish
from payments.states import Channel
from tests.accounts.people import at_a_desk
from tests.billing.people import citizen_session
from tests.mileage.world import available, give
from tests.payments.cast import BillFacts, Visitor, a_bill, attempt_of, balances, sweep_later
from tests.payments.world import World
from tests.support.database import AsRole
from tests.support.faces import FaceClient

Deliver = Callable[[], int]


@pytest.fixture
def worker(deliver_events: Deliver) -> Callable[[], None]:
    """What relay, worker and clock do within the next seconds."""

    def run() -> None:
        deliver_events()
        sweep_later(after=timedelta(seconds=2))
        deliver_events()

    return run


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


@pytest.fixture
def payer(as_role: AsRole, bill: BillFacts) -> Visitor:
    """The taxpayer of the bill, signed in, with 60,000 points."""
    person = Taxpayer.objects.get(pk=bill.taxpayer_id)
    give(person, 60_000, until=date(2036, 1, 1), at=clock.now())
    return Visitor(as_role, citizen_session(as_role, person))


def left(bill: BillFacts) -> int:
    return available(Taxpayer.objects.get(pk=bill.taxpayer_id), clock.now())


def pays(payer: Visitor, bill: BillFacts, points: int, **changes: Any) -> services.PaidWithPoints:
    wish = Wish([bill.id], bill.amount, changes.pop("form_key", secrets.token_hex(16)), "ko", **changes)
    with payer.here():
        return services.pay_with_points(wish=wish, points=points, at=clock.now())


def test_points_alone_pay_a_bill_and_earn_none(payer: Visitor, bill: BillFacts, worker: Callable[[], None]) -> None:
    begun = pays(payer, bill, 60_000)
    assert begun.rest is None
    assert left(bill) == 8_000
    worker()
    assert Attempt.objects.get().status == "paid"
    assert Use.objects.get().status == UseStatus.SPENT
    assert balances() == {"revenue": -52_000, "mileage": -8_000, "mileage_expense": 60_000}
    assert EarnedBill.objects.get().points == 0
    assert apps.get_model("receipts", "Document").objects.get().facts["channel"]["en"] == "Points"
    call_command("ledger_check")


def test_the_same_form_twice_keeps_points_once(payer: Visitor, bill: BillFacts) -> None:
    key = secrets.token_hex(16)
    assert pays(payer, bill, 20_000, form_key=key) == pays(payer, bill, 20_000, form_key=key)
    assert left(bill) == 40_000


def test_more_points_than_there_are_begin_nothing(payer: Visitor, bill: BillFacts) -> None:
    another = a_bill(of=bill, tax=100_000)
    with pytest.raises(NotEnoughPoints):
        pays(payer, another, 60_001)
    assert not Attempt.objects.exists()
    assert left(bill) == 60_000


def test_a_worker_that_dies_before_it_hears_is_made_up_for_by_the_sweep(payer: Visitor, bill: BillFacts) -> None:
    pays(payer, bill, 52_000)
    apps.get_model("core", "Event").objects.update(handed_at=clock.now())
    sweep_later(after=timedelta(seconds=30))
    assert Attempt.objects.get().status == "paid"
    call_command("ledger_check")


def test_a_bill_that_was_paid_meanwhile_leaves_the_points_free(
    payer: Visitor, bill: BillFacts, worker: Callable[[], None]
) -> None:
    begun = pays(payer, bill, 52_000)
    came = Movement("M-9", MovementKind.DEPOSIT, 52_000, clock.now())
    shares = [Share(bill.id, 52_000)]
    services.pay_directly(
        gateway="statement:088", channel=Channel.BANK_TRANSFER, movement=came, shares=shares, at=clock.now()
    )
    worker()
    assert attempt_of(services.Started(begun.secret)).status == "declined"
    assert left(bill) == 60_000 + 404
    call_command("ledger_check")


@pytest.mark.socket
def test_points_and_a_card_pay_a_bill_together_and_points_stay_paid_if_the_card_fails(
    world: World, payer: Visitor, bill: BillFacts, as_role: AsRole, worker: Callable[[], None]
) -> None:
    client = FaceClient("public", as_role)
    client.cookies[settings.SESSION_COOKIE_NAME] = payer.secret
    page = client.get(f"/pay/{bill.id}/", headers={"accept-language": "en"}).content.decode()
    assert "You have 60,000." in page
    form = {"shown_amount": bill.amount, "form_key": secrets.token_hex(16), "way": "whole", "channel": "card"}
    assert client.post(f"/pay/{bill.id}/", {**form, "points": "60001"}).status_code == 422
    gone = client.post(f"/pay/{bill.id}/", {**form, "points": "12000"})
    assert gone.status_code == 303
    by_card = Attempt.objects.get(channel="card")
    assert (by_card.amount, by_card.basket_id) == (40_000, Attempt.objects.get(channel="mileage").basket_id)
    assert gone["Location"] == by_card.page_url
    world.refuse(by_card.page_url)
    worker()
    sweep_later(after=timedelta(minutes=31))
    assert Attempt.objects.get(channel="mileage").status == "paid"
    assert balances()["receivable"] == 40_000
    rest = Wish([bill.id], 40_000, secrets.token_hex(16), "ko", basket_id=by_card.basket_id)
    with payer.here():
        again = services.start_virtual_account(wish=rest, bank="20", at=clock.now())
    world.deposit(attempt_of(again).virtual_account.number, 40_000)
    sweep_later(after=timedelta(minutes=61))
    assert "receivable" not in balances()
    worker()
    assert EarnedBill.objects.get().points == 300 + 80
    call_command("ledger_check")


def test_two_officers_give_a_payment_with_points_back_and_the_bill_is_owed_again(
    payer: Visitor, bill: BillFacts, worker: Callable[[], None], as_role: AsRole
) -> None:
    pays(payer, bill, 52_000)
    worker()
    payment = Attempt.objects.get().payments.get().pk
    with at_a_desk(as_role, Role.COLLECTOR, email="one@example.com") as one:
        wish = services.ask_cancellation(
            payment_id=payment, amount=2_000, reason="착오", officer_id=one.account, at=clock.now()
        )
    with at_a_desk(as_role, Role.APPROVER, email="two@example.com") as two:
        services.decide_cancellation(cancellation_id=wish, granted=True, officer_id=two.account, at=clock.now())
    for _ in range(2):
        sweep_later(after=timedelta(minutes=1))
    worker()
    assert left(bill) == 10_000
    assert balances()["receivable"] == 2_000
    assert sum(Posting.objects.filter(account="spent").values_list("amount", flat=True)) == 50_000
    call_command("ledger_check")
