"""Those who mean no good: raw SQL under a face's login, days at their edges, banks that refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.access import OwnFile, Role
from accounts.models import Relative, Taxpayer
from core import clock, outbox
from core.db.session import session_secret
from mileage.functions import call
from mileage.models import EarnedBill, Lot, Posting, Use
from mileage.rules.pack import a_year_before
from mileage.services import NothingWaits, give_back, reckon_bills, release
from mileage.states import UseStatus, Way
from payments.models import Transfer
from tests.accounts.people import at_a_desk
from tests.billing.people import citizen_session
from tests.mileage.test_leaving_the_house import CARD, answered, drawn, sent, undo
from tests.mileage.world import (
    BILLS,
    NOON,
    a_bill,
    a_taxpayer,
    available,
    everything_agrees,
    expire,
    give,
    owed,
    unpaid,
)
from tests.payments.cast import balances
from tests.payments.racing import at_once
from tests.support.database import AsRole

Deliver = Callable[[], int]
# What faces may call; everything else of points is the worker's.
PUBLIC = {"mileage_own", "mileage_ask", "mileage_withdraw", "mileage_lots", "mileage_available", "mileage_marks"}
OFFICE = {
    "mileage_may_read",
    "mileage_draw_batch",
    "mileage_decide_batch",
    "mileage_send_batch",
    "mileage_answer_batch",
    "mileage_begin_draw",
    "mileage_name_event",
    "mileage_reveal_draw",
    "mileage_marks",
    "mileage_payers_by_bills",
}
CASH = {"bank": "088", "account": "110222333"}


@pytest.fixture
def person(db: None) -> Taxpayer:
    someone = a_taxpayer("한마일")
    give(someone, 20_000, until=date(2036, 1, 1), at=clock.now())
    return someone


def left(person: Taxpayer) -> int:
    return available(person, clock.now())


def asks(as_role: AsRole, person: Taxpayer, way: str, points: int, reference: str = "USE-1", **target: str) -> bool:
    """By raw SQL, as a public face that does what a thief says."""
    secret = citizen_session(as_role, person)
    with as_role("public"), session_secret(secret), transaction.atomic():
        return bool(call("mileage_ask", reference, way, points, json.dumps(target), clock.now()))


@pytest.mark.parametrize(("login", "may"), [("etax_public", PUBLIC), ("etax_office", OFFICE), ("etax_intake", set())])
def test_a_face_calls_what_is_its_own_and_nothing_else_of_points(db: None, login: str, may: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.proname FROM pg_proc p WHERE p.proname LIKE 'mileage%%' "
            "AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(%s, p.oid, 'EXECUTE')",
            [login],
        )
        assert {name for (name,) in cursor.fetchall()} == may


@pytest.mark.parametrize("points", [0, -1, -20_000, 20_001, 2**62])
def test_nobody_uses_fewer_than_one_point_nor_more_than_they_have(
    as_role: AsRole, person: Taxpayer, points: int
) -> None:
    assert not asks(as_role, person, "charity", points, partner="trees")
    assert (left(person), Use.objects.count()) == (20_000, 0)


@pytest.mark.parametrize(
    ("reference", "way", "target"),
    [
        ("USE-1,x,1", "charity", {}),
        ("USE-1", "voucher", {"number": "a@example.kr\r\nUSE-2,b@example.kr,9999"}),
        ("USE-1", "voucher", {"number": '=HYPERLINK("x")'}),
        ("USE-1", "cash", {"bank": "0881", "account": "110222333"}),
        ("USE-1", "cash", {"bank": "088"}),
        ("USE-1", "charity", {"partner": "x" * 3000}),
    ],
)
def test_what_would_break_a_partners_file_or_a_transfer_is_not_taken(
    as_role: AsRole, person: Taxpayer, reference: str, way: str, target: dict[str, str]
) -> None:
    assert not asks(as_role, person, way, 5_000, reference, **target)
    assert left(person) == 20_000


def test_money_goes_to_the_holders_own_name_whatever_the_public_process_says(as_role: AsRole, person: Taxpayer) -> None:
    assert asks(as_role, person, "cash", 5_000, **CASH, holder="도둑")
    assert Use.objects.get().target["holder"] == "한마일"


def test_taking_a_wish_back_makes_no_point_live_longer(as_role: AsRole, db: None) -> None:
    person = a_taxpayer()
    yesterday = clock.local_date(clock.now()) - timedelta(days=1)
    give(person, 700, until=yesterday, at=clock.now() - timedelta(days=3))
    assert call("mileage_reserve", person.pk, "USE-1", "charity", 700, "{}", clock.now() - timedelta(days=2))
    secret = citizen_session(as_role, person)
    with as_role("public"), session_secret(secret), transaction.atomic():
        assert call("mileage_withdraw", "USE-1", clock.now())
    assert (left(person), Lot.objects.count()) == (0, 1)
    expire(person.pk, clock.now())
    assert Posting.objects.get(account="expired").amount == 700
    everything_agrees()


def test_a_payment_taken_back_while_its_points_are_spent_leaves_no_point_twice(database_name: str, told: None) -> None:
    person = a_taxpayer()
    bill = a_bill(person, 1)
    reckon_bills(bill_ids=[1], at=NOON)
    unpaid(bill)

    def spend(as_role: AsRole) -> object:
        with as_role("worker"), transaction.atomic():
            return call("mileage_reserve", person.pk, "USE-1", "charity", 400, "{}", NOON)

    def hear(as_role: AsRole) -> object:
        with as_role("worker"):
            return reckon_bills(bill_ids=[1], at=NOON)

    at_once(database_name, [spend, hear])
    kept = sum(Use.objects.values_list("points", flat=True))
    assert (owed(person), available(person)) == (kept, 0)
    everything_agrees()


def test_points_that_come_back_go_home_and_only_those_past_their_day_get_another_one(db: None) -> None:
    person = a_taxpayer()
    give(person, 300, until=date(2026, 12, 31))
    give(person, 500, until=date(2031, 6, 30))
    assert call("mileage_reserve", person.pk, "PAY-1", "bill", 700, "{}", NOON)
    assert call("mileage_spend", "PAY-1", 700, "clearing", NOON)
    in_2027 = NOON.replace(year=2027)
    # What was used last, and lives longest, comes back first.
    assert give_back(reference="PAY-1", key="a", points=300, at=in_2027)
    assert (Lot.objects.count(), available(person, in_2027)) == (2, 400)
    assert give_back(reference="PAY-1", key="b", points=400, at=in_2027)
    assert (Lot.objects.count(), available(person, in_2027)) == (3, 800)
    assert available(person, in_2027 + timedelta(days=31)) == 500
    everything_agrees()


@pytest.mark.usefixtures("told")
def test_points_that_came_back_and_expired_are_not_owed_a_second_time() -> None:
    person = a_taxpayer()
    bill = a_bill(person, 1)
    reckon_bills(bill_ids=[1], at=NOON)
    assert call("mileage_reserve", person.pk, "USE-1", "charity", 500, "{}", NOON)
    in_2032 = NOON.replace(year=2032)
    release(reference="USE-1", because="the charity is no more", at=in_2032)
    expire(person.pk, in_2032 + timedelta(days=40))
    unpaid(bill)
    reckon_bills(bill_ids=[1], at=in_2032 + timedelta(days=41))
    assert owed(person, in_2032 + timedelta(days=41)) == 0
    everything_agrees()


@pytest.mark.usefixtures("told")
def test_what_expired_tonight_before_the_job_ran_is_not_owed() -> None:
    person = a_taxpayer()
    bill = a_bill(person, 1)
    reckon_bills(bill_ids=[1], at=NOON)
    BILLS[1] = replace(bill, by_channel={"card": 200_000})
    reckon_bills(bill_ids=[1], at=NOON)  # 200 points more, in a lot of their own
    morning_after = datetime(2031, 6, 30, 15, 0, tzinfo=UTC)
    unpaid(bill)
    reckon_bills(bill_ids=[1], at=morning_after)
    assert (owed(person, morning_after), available(person, morning_after)) == (0, 0)
    everything_agrees()


def test_the_last_day_ends_at_seouls_midnight(db: None) -> None:
    person = a_taxpayer()
    give(person, 100, until=date(2026, 12, 31))
    last, first = (datetime(2026, 12, 31, hour, minute, tzinfo=UTC) for hour, minute in ((14, 59), (15, 0)))
    assert (available(person, last), available(person, first)) == (100, 0)
    assert not call("mileage_reserve", person.pk, "USE-1", "charity", 1, "{}", first)
    assert call("mileage_reserve", person.pk, "USE-1", "charity", 1, "{}", last)
    expire(person.pk, last)
    assert available(person, last) == 99


def test_twelve_months_of_a_leap_year_have_a_day_more() -> None:
    assert a_year_before(date(2028, 12, 31)) == date(2027, 12, 31)
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_a_treasurer_answers_for_no_use_of_another_file_and_with_nothing_but_words(
    as_role: AsRole, person: Taxpayer
) -> None:
    assert asks(as_role, person, "charity", 300, partner="trees")
    batch = sent(as_role, Way.CHARITY, "trees")
    with at_a_desk(as_role, Role.TREASURER, email="one@example.com"):
        for answers in ('{"USE-2": ""}', '{"USE-1": 5}', '{"USE-1": null}', "[]"):
            assert not call("mileage_answer_batch", batch.pk, answers, clock.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            Use.objects.update(status=UseStatus.SPENT)
    with at_a_desk(as_role, Role.COLLECTOR, email="three@example.com"), transaction.atomic():
        assert not call("mileage_answer_batch", batch.pk, '{"USE-1": ""}', clock.now())
        assert not Use.objects.exists()


def test_no_treasurer_says_that_their_own_points_were_not_taken(as_role: AsRole, person: Taxpayer) -> None:
    assert asks(as_role, person, "charity", 300, partner="trees")
    batch = sent(as_role, Way.CHARITY, "trees")
    with at_a_desk(as_role, Role.TREASURER, email="one@example.com") as me:
        pass
    Relative.objects.create(officer_id=me.account, relation="self", name="x", taxpayer_id=person.pk)
    with pytest.raises(OwnFile):
        answered(as_role, batch, "USE-1,failed,they say")
    with at_a_desk(as_role, Role.TREASURER, email="one@example.com"):
        assert not call("mileage_answer_batch", batch.pk, '{"USE-1": "they say"}', clock.now())


def test_a_partner_whose_bank_refuses_is_paid_by_another_transfer_and_once(
    as_role: AsRole, person: Taxpayer, deliver_events: Deliver
) -> None:
    assert asks(as_role, person, "transit_card", 1_000, partner="transit", number=CARD["card"])
    answered(as_role, sent(as_role, Way.TRANSIT_CARD, "transit"), "USE-1,done,")
    deliver_events()
    order = Transfer.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_withdraw_transfer('mileage', %s, now())", [order.key])
    told = {"transfer_id": order.pk, "purpose": "mileage", "key": order.key, "amount": 1_000, "reason": "AC04"}
    for _ in range(2):
        outbox.publish("payments.transfer_rejected.v1", **told)
        deliver_events()
    again = Transfer.objects.exclude(pk=order.pk).get()
    assert (again.amount, again.holder, again.status) == (1_000, "예시교통카드", "ordered")
    assert balances()["clearing"] == -1_000


def test_points_for_money_that_no_transfer_can_carry_are_points_again(
    as_role: AsRole, deliver_events: Deliver, db: None
) -> None:
    person = a_taxpayer("한" * 90)  # longer than a message to a bank can hold
    give(person, 6_000, until=date(2036, 1, 1), at=clock.now())
    assert asks(as_role, person, "cash", 5_000, **CASH)
    sent(as_role, Way.CASH, "")
    deliver_events()
    assert (left(person), Transfer.objects.count()) == (6_000, 0)
    assert "refund_payable" not in balances()
    everything_agrees()


def test_what_a_bank_sends_back_goes_home_and_lives_no_longer(
    as_role: AsRole, deliver_events: Deliver, person: Taxpayer
) -> None:
    soon = clock.local_date(clock.now()) + timedelta(days=10)
    give(person, 300, until=soon, at=clock.now())
    assert asks(as_role, person, "cash", 5_300, **CASH)
    sent(as_role, Way.CASH, "")
    deliver_events()
    order = Transfer.objects.get()
    undo(order)
    facts = {"transfer_id": order.pk, "purpose": "mileage", "key": "USE-1", "amount": 5_300, "reason": "AC04"}
    for topic in ("payments.transfer_rejected.v1", "payments.transfer_returned.v1"):
        outbox.publish(topic, **facts)
    deliver_events()
    assert left(person) == 20_300
    assert available(person, clock.now() + timedelta(days=11)) == 20_000
    everything_agrees()


def test_a_file_is_drawn_up_for_no_partner_that_the_city_does_not_have(as_role: AsRole, person: Taxpayer) -> None:
    assert asks(as_role, person, "charity", 300, partner="myself")
    with pytest.raises(NothingWaits):
        drawn(as_role, Way.CHARITY, "myself")


def test_bills_that_were_told_out_of_order_earn_what_they_earn_in_the_end(told: None) -> None:
    person = a_taxpayer()
    late = a_bill(person, 1, on=date(2026, 7, 5))
    reckon_bills(bill_ids=[1], at=NOON)
    assert available(person) == 0
    BILLS[1] = replace(late, due_on=date(2026, 7, 31))  # the due date was moved after it was paid
    assert reckon_bills(bill_ids=[1], at=NOON) == 500
    BILLS[1] = replace(late, due_on=date(2026, 7, 31), by_channel={"card": 50_000})  # half of it was given back
    assert reckon_bills(bill_ids=[1], at=NOON) == -100
    assert EarnedBill.objects.get().points == 400
    everything_agrees()
