"""Whatever happens in whatever order: no point appears from nowhere, none is lost, none is spent twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Taxpayer
from mileage.functions import call
from mileage.models import EarnedBill, Posting, Use
from mileage.rules.pack import pack
from mileage.selectors.own import points_of
from mileage.services import expire_points, give_back, reckon_bills, release, spend
from mileage.services.use import NotEnoughPoints, ask_use
from mileage.states import Account, UseStatus, Way
from tests.mileage.world import DUE, NOON, a_bill, a_taxpayer, available, everything_agrees, give, owed
from tests.payments.racing import at_once
from tests.support.database import AsRole

NUMBERS = count(1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("bill"), st.integers(0, 2), st.sampled_from([0, 50_000, 100_000, 900_000])),
        st.tuples(st.just("use"), st.integers(1, 900), st.sampled_from([Way.BILL, Way.CHARITY])),
        st.tuples(st.just("spend"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("release"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("give_back"), st.integers(0, 5), st.integers(1, 300)),
        st.tuples(st.just("wait"), st.integers(1, 3), st.just(0)),
    ),
    max_size=12,
)


@dataclass
class Life:
    """One person's points through years, and what simple adding says that they must be."""

    person: Taxpayer
    bills: list[int] = field(default_factory=lambda: [next(NUMBERS) for _ in range(3)])
    uses: list[str] = field(default_factory=list)
    at: object = NOON

    def bill(self, which: int, won: int) -> None:
        a_bill(self.person, self.bills[which], card=won, on=DUE if won else None)
        reckon_bills(bill_ids=[self.bills[which]], at=self.at)  # type: ignore[arg-type]
        assert reckon_bills(bill_ids=[self.bills[which]], at=self.at) == 0  # type: ignore[arg-type]

    def use(self, points: int, way: Way) -> None:
        reference = f"USE-{next(NUMBERS)}"
        before = points_of(holder_id=self.person.pk, at=self.at).available  # type: ignore[arg-type]
        done = call("mileage_reserve", self.person.pk, reference, way.value, points, "{}", self.at)
        assert done == (points <= before)
        self.uses += [reference] if done else []

    def end(self, which: int, how: str, points: int) -> None:
        if which >= len(self.uses):
            return
        use = Use.objects.get(reference=self.uses[which])
        if how == "spend":
            purpose = "clearing" if use.way == Way.BILL else "refund_payable"
            if use.status != UseStatus.RELEASED:
                call("mileage_spend", use.reference, use.points, purpose, self.at)
        elif how == "release":
            release(reference=use.reference, because="test", at=self.at)  # type: ignore[arg-type]
        elif use.way == Way.BILL and use.status == UseStatus.SPENT and use.given_back + points <= use.points:
            key = str(next(NUMBERS))
            assert give_back(reference=use.reference, key=key, points=points, at=self.at)  # type: ignore[arg-type]
            assert not give_back(reference=use.reference, key=key, points=points, at=self.at)  # type: ignore[arg-type]

    def must_hold(self) -> None:
        expire_points(at=self.at)  # type: ignore[arg-type]
        sums = dict.fromkeys(Account.values, 0)
        for account, amount in Posting.objects.filter(entry__holder_id=self.person.pk).values_list("account", "amount"):
            sums[account] += amount
        assert sum(sums.values()) == 0
        earned = sum(EarnedBill.objects.filter(holder_id=self.person.pk).values_list("points", flat=True))
        assert -sums["granted"] == earned
        now = points_of(holder_id=self.person.pk, at=self.at)  # type: ignore[arg-type]
        assert now.available == 0 or now.owed == 0
        assert now.available - now.owed == sums["held"]
        everything_agrees()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_life_of_points_adds_up(told: None, steps: list[tuple[str, int, object]]) -> None:
    life = Life(a_taxpayer())
    for step, one, two in steps:
        if step == "bill":
            life.bill(one, int(str(two)))
        elif step == "use":
            life.use(one, Way(str(two)))
        elif step == "wait":
            life.at += timedelta(days=366 * 2 * one)  # type: ignore[operator]
            expire_points(at=life.at)  # type: ignore[arg-type]
        else:
            life.end(one, step, int(str(two)))
    life.must_hold()


def test_the_first_to_expire_are_used_first_and_what_is_left_expires(db: None) -> None:
    person = a_taxpayer()
    give(person, 300, until=date(2027, 1, 31))
    give(person, 500, until=date(2026, 12, 31))
    assert call("mileage_reserve", person.pk, "USE-1", "charity", 600, "{}", NOON)
    assert spend(reference="USE-1", points=600, at=NOON)
    assert not spend(reference="USE-1", points=600, at=NOON)
    new_year = NOON.replace(year=2027, month=1, day=15)
    assert (expire_points(at=new_year), available(person, new_year)) == (0, 200)
    february = NOON.replace(year=2027, month=2, day=1)
    assert (expire_points(at=february), available(person, february), expire_points(at=february)) == (200, 0, 0)
    everything_agrees()


def test_what_was_kept_for_a_use_beyond_its_last_day_lives_a_while_when_it_is_free_again(db: None) -> None:
    person = a_taxpayer()
    give(person, 300, until=date(2026, 12, 31))
    assert call("mileage_reserve", person.pk, "USE-2", "charity", 300, "{}", NOON)
    later = NOON.replace(year=2027)
    expire_points(at=later)
    release(reference="USE-2", because="the card company refused it", at=later)
    assert available(person, later) == 300
    assert available(person, later + timedelta(days=pack().return_days + 1)) == 0
    everything_agrees()


def test_two_uses_at_once_share_no_point(database_name: str, db: None) -> None:
    person = a_taxpayer()
    give(person, 1_000)

    def take(name: str) -> Callable[[AsRole], object]:
        def run(as_role: AsRole) -> object:
            with as_role("worker"), transaction.atomic():
                return call("mileage_reserve", person.pk, name, "charity", 700, "{}", NOON)

        return run

    assert sorted(map(bool, at_once(database_name, [take("A"), take("B")]))) == [False, True]
    assert available(person) == 300
    everything_agrees()


def test_a_use_and_the_expiry_at_once_share_no_point(database_name: str, db: None) -> None:
    person = a_taxpayer()
    give(person, 1_000, until=NOON.date())
    tomorrow = NOON + timedelta(days=1)

    def take(as_role: AsRole) -> object:
        with as_role("worker"), transaction.atomic():
            return call("mileage_reserve", person.pk, "C", "charity", 700, "{}", NOON)

    def run_out(as_role: AsRole) -> object:
        with as_role("worker"):
            return expire_points(at=tomorrow)

    at_once(database_name, [take, run_out])
    expire_points(at=tomorrow)
    gone = Posting.objects.get(account=Account.EXPIRED).amount if Posting.objects.filter(account="expired") else 0
    kept = sum(Use.objects.values_list("points", flat=True))
    assert gone + kept == 1_000
    everything_agrees()


def test_the_same_bill_told_by_two_at_once_earns_once(database_name: str, told: None) -> None:
    person = a_taxpayer()
    a_bill(person, 77)

    def hear(as_role: AsRole) -> object:
        with as_role("worker"):
            return reckon_bills(bill_ids=[77], at=NOON)

    assert sorted(at_once(database_name, [hear, hear])) == [0, 500]
    everything_agrees()


def test_the_database_refuses_an_unbalanced_a_second_and_an_overdrawing_posting(db: None) -> None:
    person = a_taxpayer()
    give(person, 100)
    lot = Posting.objects.get(account=Account.HELD).lot_id
    with pytest.raises(IntegrityError, match="out of balance"), transaction.atomic():
        call(
            "mileage_post",
            "credited",
            "x",
            person.pk,
            NOON,
            "{}",
            f'[{{"account": "held", "lot": {lot}, "amount": 5}}]',
        )
    over = f'[{{"account": "held", "lot": {lot}, "amount": -500}}, {{"account": "spent", "amount": 500}}]'
    with pytest.raises(IntegrityError, match="holds less"), transaction.atomic():
        call("mileage_post", "spent", "x", person.pk, NOON, "{}", over)
    entry = Posting.objects.all()[0].entry_id
    with pytest.raises(DatabaseError, match=r"closed|balance"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mileage_posting (entry_id, account, lot_id, amount) VALUES (%s, 'held', %s, 1), "
            "(%s, 'granted', NULL, -1)",
            [entry, lot, entry],
        )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM mileage_posting")


def test_a_stranger_and_somebody_else_reach_no_points(as_role: AsRole, db: None) -> None:
    person = a_taxpayer()
    give(person, 100)
    with as_role("public"), transaction.atomic():
        assert not Posting.objects.exists()
        with pytest.raises(NotEnoughPoints):
            ask_use(reference="D", way=Way.CHARITY, points=1, at=NOON)
    assert owed(person) == 0
