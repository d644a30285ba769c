"""What bills earn, once, and what becomes of it when their money goes again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from core import clock
from mileage.functions import call
from mileage.models import EarnedBill, Entry, Lot
from mileage.ports import PaidBill
from mileage.rules.accrual import earnings
from mileage.rules.pack import BadMileagePack, pack, read_pack
from mileage.services import reckon_bills
from payments import services as payments
from payments.gateways.base import Movement, MovementKind
from payments.rules.allocation import Share
from payments.states import Channel
from tests.mileage.world import (
    BILLS,
    DUE,
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
from tests.payments import cast

FOR_100_000 = 500  # 300 in time and two thousandths of the amount


@pytest.mark.usefixtures("told")
class TestOneBill:
    def test_it_earns_once_however_often_it_is_told(self) -> None:
        person = a_taxpayer()
        a_bill(person, 1)
        assert [reckon_bills(bill_ids=[1], at=NOON) for _ in range(3)] == [FOR_100_000, 0, 0]
        assert available(person) == FOR_100_000
        assert Lot.objects.get().expires_on == date(2031, 6, 30)
        everything_agrees()

    @pytest.mark.parametrize("on", [None, DUE + timedelta(days=1)])
    def test_unpaid_and_late_bills_earn_nothing(self, on: date | None) -> None:
        person = a_taxpayer()
        a_bill(person, 1, on=on)
        reckon_bills(bill_ids=[1], at=NOON)
        assert available(person) == 0
        assert not Entry.objects.exists()

    def test_what_was_paid_with_points_or_at_a_counter_earns_none(self) -> None:
        person = a_taxpayer()
        bill = a_bill(person, 1)
        BILLS[1] = replace(bill, by_channel={"mileage": 60_000, "counter": 40_000})
        reckon_bills(bill_ids=[1], at=NOON)
        assert available(person) == 0

    def test_a_payment_taken_back_takes_its_points_and_a_new_one_brings_them(self) -> None:
        person = a_taxpayer()
        bill = a_bill(person, 1)
        reckon_bills(bill_ids=[1], at=NOON)
        unpaid(bill)
        assert reckon_bills(bill_ids=[1], at=NOON) == -FOR_100_000
        assert (available(person), owed(person)) == (0, 0)
        BILLS[1] = bill
        assert reckon_bills(bill_ids=[1], at=NOON) == FOR_100_000
        assert EarnedBill.objects.get().turns == 3
        everything_agrees()

    def test_a_rule_that_changed_later_leaves_what_was_earned(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = a_taxpayer()
        a_bill(person, 1)
        reckon_bills(bill_ids=[1], at=NOON)
        monkeypatch.setattr("mileage.services.accrue.pack", lambda: replace(pack(), rules=()))
        assert reckon_bills(bill_ids=[1], at=NOON) == 0
        assert available(person) == FOR_100_000


@pytest.mark.usefixtures("told")
def test_points_taken_back_after_they_were_spent_are_owed_and_set_off_against_the_next() -> None:
    person = a_taxpayer()
    bill = a_bill(person, 1)
    reckon_bills(bill_ids=[1], at=NOON)
    spend_all(person.pk, FOR_100_000)
    unpaid(bill)
    reckon_bills(bill_ids=[1], at=NOON)
    assert (available(person), owed(person)) == (0, FOR_100_000)
    give(person, 200)
    assert (available(person), owed(person)) == (0, 300)
    give(person, 1_000)
    assert (available(person), owed(person)) == (700, 0)
    everything_agrees()


@pytest.mark.usefixtures("told")
def test_what_expired_is_not_taken_back_a_second_time() -> None:
    person = a_taxpayer()
    bill = a_bill(person, 1)
    reckon_bills(bill_ids=[1], at=NOON)
    spend_all(person.pk, 100)
    later = NOON + timedelta(days=366 * 6)
    expire(person.pk, later)
    unpaid(bill)
    reckon_bills(bill_ids=[1], at=later)
    assert owed(person, later) == 100
    everything_agrees()


def test_seouls_rule_credits_500_or_1000_points_a_notice_and_ended() -> None:
    paid = PaidBill(
        bill_id=1, taxpayer_id=1, paid_on=DUE, due_on=DUE, e_notice=True, autopay=False, by_channel={"card": 1}
    )
    for on, amount, points in (
        (date(2007, 7, 31), 300_000, 0),
        (date(2010, 6, 30), 300_000, 500),
        (date(2017, 4, 1), 299_999, 500),
        (date(2022, 12, 31), 300_000, 1_000),
        (date(2023, 1, 1), 300_000, 0),
    ):
        bill = replace(paid, paid_on=on, due_on=on, by_channel={"card": amount})
        assert sum(one.points for one in earnings(bill=bill, rules=pack().rules, electronic=["card"])) == points, on


def test_automatic_payment_earns_in_addition_and_a_rule_that_ended_is_told_with_its_last_day() -> None:
    paid = PaidBill(
        bill_id=1,
        taxpayer_id=1,
        paid_on=DUE,
        due_on=DUE,
        e_notice=True,
        autopay=True,
        by_channel={"automatic_debit": 1},
    )
    told = earnings(bill=paid, rules=pack().rules, electronic=["automatic_debit"])
    assert {one.rule: one.points for one in told} == {"in_time": 300, "automatic_payment": 200}
    assert [(rule.name, rule.valid_to) for rule in pack().ended(DUE)] == [("electronic_notice", date(2022, 12, 31))]


def test_a_pack_with_two_rules_of_a_name_at_once_is_refused() -> None:
    rule = {"name": "twice", "kind": "in_time", "source": "city's own", "valid_from": date(2026, 1, 1), "tiers": []}
    grade = dict.fromkeys(("code", "name_ko", "name_en", "benefits_ko", "benefits_en"), "")
    told = {"lives_years": 5, "notice_days": 1, "return_days": 1, "electronic": [], "ways": {}, "partners": {}}
    grades = [{**grade, "from_bills": 0, "cash_least": 1}]
    with pytest.raises(BadMileagePack, match="two rules"):
        read_pack({**told, "grades": grades, "accrual": [rule, rule]})
    with pytest.raises(BadMileagePack, match="no source"):
        read_pack({**told, "grades": grades, "accrual": [{**rule, "source": " "}]})


def test_money_that_came_earns_points_and_money_taken_back_takes_them(deliver_events: Callable[[], int]) -> None:
    bill = cast.a_bill()
    movement = Movement("M-1", MovementKind.DEPOSIT, bill.amount, clock.now())
    payments.pay_directly(
        gateway="statement:088",
        channel=Channel.BANK_TRANSFER,
        movement=movement,
        shares=[Share(bill.id, bill.amount)],
        at=clock.now(),
    )
    deliver_events()
    assert EarnedBill.objects.get().points == 300 + 104
    call_command("ledger_check")
    gone = Movement("M-2", MovementKind.DEPOSIT_RETURN, bill.amount, clock.now())
    payments.reverse(gateway="statement:088", movement=gone, of_movement="M-1", at=clock.now())
    deliver_events()
    assert EarnedBill.objects.get().points == 0
    call_command("ledger_check")


def spend_all(holder: int, points: int) -> None:
    assert call("mileage_reserve", holder, f"USE-{points}", "charity", points, "{}", NOON)
    assert call("mileage_spend", f"USE-{points}", points, "refund_payable", NOON)
