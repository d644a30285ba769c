"""Several bills in one payment, one payment in two ways, a part where it is allowed, and paying for another."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, transaction

from core import clock
from payments import selectors, services
from payments.gateways.base import Movement, MovementKind
from payments.models import Attempt, AttemptItem, Basket, Payment
from payments.services import AmountChanged, BillAlreadyPaid, NotThisPart, PaymentRunning, Way, Wish
from receipts.models import Document
from tests.payments.cast import BACK, BillFacts, Visitor, a_bill, a_visitor, attempt_of, balances, sweep_later, today
from tests.payments.messages import deliver
from tests.payments.racing import at_once
from tests.payments.world import World
from tests.support.database import AsRole

pytestmark = pytest.mark.socket


@pytest.fixture
def bills(db: None) -> list[BillFacts]:
    """Of two people and three offices, the newest first; the district's own is the oldest."""
    return [a_bill(body="11140"), a_bill(body="11000"), a_bill(due=today() + timedelta(days=3))]


@pytest.fixture
def visitor(as_role: AsRole, bills: list[BillFacts]) -> Visitor:
    visitor = a_visitor(as_role)
    for bill in bills:
        visitor.finds(bill)
    return visitor


def wish(bills: list[BillFacts], **changes: Any) -> Wish:
    ids = [bill.id for bill in bills]
    facts: dict[str, Any] = {"shown_amount": sum(bill.amount for bill in bills), "form_key": secrets.token_hex(16)}
    return Wish(ids, **{**facts, "language": "ko", **changes})


def card(visitor: Visitor, wanted: Wish) -> services.Started:
    with visitor.here():
        return services.start_card(wish=wanted, back=BACK, at=clock.now())


def account(visitor: Visitor, wanted: Wish) -> services.Started:
    with visitor.here():
        return services.start_virtual_account(wish=wanted, bank="20", at=clock.now())


def pays(world: World, visitor: Visitor, started: services.Started) -> None:
    world.agree(started.go_to)
    visitor.returns(started)
    sweep_later(after=timedelta(seconds=30))


def page_of(visitor: Visitor, started: services.Started) -> selectors.AttemptPage:
    with visitor.here():
        page = selectors.by_secret(secret=started.secret)
    assert page is not None
    return page


def test_bills_of_several_people_and_offices_are_paid_at_once_with_a_receipt_each(
    world: World, visitor: Visitor, bills: list[BillFacts]
) -> None:
    started = card(visitor, wish(bills))
    pays(world, visitor, started)
    assert balances() == {"clearing": 156_000, "revenue": -156_000}
    assert Payment.objects.get().applied == 156_000
    assert set(Document.objects.values_list("taxpayer_id", flat=True)) == {bill.taxpayer_id for bill in bills}
    page = page_of(visitor, started)
    assert sorted(one.bill_id for one in page.receipts) == sorted(bill.id for bill in bills)
    for one in page.receipts:
        with visitor.here():
            opened = selectors.receipt_file(secret=started.secret, number=one.number)
            assert selectors.receipt_file(secret="another", number=one.number) is None
        assert opened is not None
    call_command("ledger_check")


def test_money_that_is_short_fills_the_older_bill_first(world: World, visitor: Visitor, bills: list[BillFacts]) -> None:
    started = account(visitor, wish(bills))
    attempt = attempt_of(started)
    assert attempt.items.order_by("id").values_list("bill_id", flat=True)[0] == bills[2].id
    world.deposit(attempt.virtual_account.number, 60_000)
    sweep_later(after=timedelta(minutes=61))
    received = dict(Document.objects.values_list("taxpayer_id", "facts__total"))
    assert received[bills[2].taxpayer_id] == 52_000
    assert sum(received.values()) == 60_000


def test_a_basket_with_another_sum_charges_nothing(world: World, visitor: Visitor, bills: list[BillFacts]) -> None:
    with pytest.raises(AmountChanged):
        card(visitor, wish(bills, shown_amount=1))
    assert not Attempt.objects.exists()


def test_two_ways_card_first_then_an_account_for_the_rest(
    world: World, visitor: Visitor, bills: list[BillFacts]
) -> None:
    by_card = card(visitor, wish(bills, way=Way.SPLIT, amount=60_000))
    assert (attempt_of(by_card).amount, Basket.objects.get().amount) == (60_000, 156_000)
    page = page_of(visitor, by_card)
    assert page.basket is not None
    assert page.basket.rest == 96_000
    pays(world, visitor, by_card)
    rest = wish(bills, shown_amount=96_000, basket_id=page.basket.id)
    by_account = account(visitor, rest)
    world.deposit(attempt_of(by_account).virtual_account.number, 96_000)
    deliver(world.heard(attempt_of(by_account).reference))
    assert {attempt_of(one).status for one in (by_card, by_account)} == {"paid"}
    assert balances() == {"clearing": 156_000, "revenue": -156_000}
    after = page_of(visitor, by_card).basket
    assert after is not None
    assert (after.rest, len(after.attempts)) == (0, 2)
    call_command("ledger_check")


def test_the_rest_counts_what_another_way_still_promises(
    world: World, visitor: Visitor, bills: list[BillFacts]
) -> None:
    by_account = account(visitor, wish(bills, way=Way.SPLIT, amount=100_000))
    basket = Basket.objects.get().pk
    by_card = card(visitor, wish(bills, shown_amount=56_000, basket_id=basket))
    assert sum(AttemptItem.objects.filter(live=True).values_list("amount", flat=True)) == 156_000
    pays(world, visitor, by_card)
    world.deposit(attempt_of(by_account).virtual_account.number, 100_000)
    deliver(world.heard(attempt_of(by_account).reference))
    assert balances() == {"clearing": 156_000, "revenue": -156_000}
    with pytest.raises(BillAlreadyPaid):
        card(visitor, wish(bills, shown_amount=1, basket_id=basket))


def test_a_way_that_ended_leaves_its_part_to_the_rest(world: World, visitor: Visitor, bills: list[BillFacts]) -> None:
    given_up = card(visitor, wish(bills, way=Way.SPLIT, amount=60_000))
    with visitor.here():
        services.give_up(secret=given_up.secret)
    basket = page_of(visitor, given_up).basket
    assert basket is not None
    assert basket.rest == 156_000


def test_two_who_pay_overlapping_baskets_at_the_same_moment_never_pay_a_bill_twice(
    world: World, as_role: AsRole, bills: list[BillFacts], database_name: str
) -> None:
    """Each has the others' bills too, in another order: one gets through, the other learns that a payment runs."""
    payers = [a_visitor(as_role) for _ in range(3)]
    for payer in payers:
        for bill in bills:
            payer.finds(bill)

    def pays_for(payer: Visitor, chosen: list[BillFacts]) -> Callable[[AsRole], str]:
        def begins(role: AsRole) -> str:
            try:
                return card(replace(payer, as_role=role), wish(chosen)).secret
            except PaymentRunning:
                return ""

        return begins

    chosen = (bills, bills[::-1], bills[1:])
    begun = at_once(database_name, [pays_for(*one) for one in zip(payers, chosen, strict=True)])
    assert len([secret for secret in begun if secret]) == 1
    live = AttemptItem.objects.filter(live=True)
    assert live.count() == live.values("bill_id").distinct().count()


@pytest.mark.parametrize("tabs", [2, 4])
def test_tabs_that_pay_the_rest_at_the_same_moment_promise_it_once(
    world: World, visitor: Visitor, bills: list[BillFacts], database_name: str, tabs: int
) -> None:
    pays(world, visitor, card(visitor, wish(bills, way=Way.SPLIT, amount=60_000)))
    basket = Basket.objects.get().pk

    def pays_the_rest(role: AsRole) -> str:
        try:
            return account(replace(visitor, as_role=role), wish(bills, shown_amount=96_000, basket_id=basket)).secret
        except (AmountChanged, BillAlreadyPaid, PaymentRunning):
            return ""

    at_once(database_name, [pays_the_rest] * tabs)
    assert sum(AttemptItem.objects.filter(live=True).values_list("amount", flat=True)) == 96_000
    assert Attempt.objects.filter(channel="virtual_account").count() == 1


def test_nobody_joins_the_basket_of_another(
    world: World, as_role: AsRole, visitor: Visitor, bills: list[BillFacts]
) -> None:
    card(visitor, wish(bills, way=Way.SPLIT, amount=60_000))
    stranger = a_visitor(as_role, bills[0])
    with pytest.raises(ProgrammingError), transaction.atomic():
        account(stranger, wish(bills[:1], basket_id=Basket.objects.get().pk))


@pytest.mark.parametrize(("due_in", "amount", "allowed"), [(20, 20_000, False), (-5, 20_000, True), (-5, 999, False)])
def test_a_part_of_a_bill_is_taken_when_it_is_overdue(
    world: World, as_role: AsRole, due_in: int, amount: int, allowed: bool
) -> None:
    bill = a_bill(due=today() + timedelta(days=due_in))
    visitor = a_visitor(as_role, bill)
    owed = bill.amount + (1_560 if due_in < 0 else 0)
    wanted = wish([bill], way=Way.PART, amount=amount, shown_amount=owed)
    if not allowed:
        with pytest.raises(NotThisPart):
            card(visitor, wanted)
        return
    pays(world, visitor, card(visitor, wanted))
    # Tax before surcharge (Collection Act, article 4).
    assert balances() == {"clearing": 20_000, "receivable": 32_000, "revenue": -52_000}


def test_everything_is_no_part(world: World, visitor: Visitor, bills: list[BillFacts]) -> None:
    with pytest.raises(NotThisPart):
        card(visitor, wish(bills[:1], way=Way.SPLIT, amount=52_000))


def test_who_pays_for_another_stands_on_the_receipt_beside_the_taxpayer(
    world: World, visitor: Visitor, bills: list[BillFacts], deliver_events: Callable[[], int]
) -> None:
    started = card(visitor, wish(bills[:1], payer="성춘향"))
    pays(world, visitor, started)
    facts = Document.objects.get().facts
    assert (facts["taxpayer"]["name"], facts["payer"]["name"]) == (bills[0].payer, "성춘향")
    assert page_of(visitor, started).payer == "성춘향"


def test_a_basket_approved_a_second_before_midnight_is_in_time_however_late_we_hear(
    world: World, as_role: AsRole
) -> None:
    """The approval's moment is the moment of payment (Collection Act, article 23)."""
    bills = [a_bill(due=today()), a_bill(due=today(), body="11140")]
    visitor = a_visitor(as_role)
    for bill in bills:
        visitor.finds(bill)
    started = card(visitor, wish(bills))
    approved = datetime.combine(today(), time(23, 59, 59), ZoneInfo(settings.TIME_ZONE))
    heard = approved + timedelta(days=1)
    movement = Movement("approval-at-midnight", MovementKind.APPROVAL, 104_000, approved)
    reference = attempt_of(started).reference
    settled = services.settle(gateway="sandbox_acquirer", reference=reference, movement=movement, at=heard)
    assert (settled.applied, settled.excess) == (104_000, 0)
    assert attempt_of(started).paid_at == approved
    with visitor.here():
        left = selectors.payable(bill_ids=[bill.id for bill in bills], on=clock.local_date(heard))
    assert [bill.owed for bill in left] == [0, 0]
    assert balances() == {"clearing": 104_000, "revenue": -104_000}
