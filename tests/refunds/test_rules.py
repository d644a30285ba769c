"""What a refund comes to, without a database."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refunds.rules.figures import Demand, Paid, Why, expires, figures, is_late, last_paid_first
from refunds.services.payee import same_name
from tests.billing.seoul import tables

DECIDED = date(2026, 6, 30)
TWICE = Why(cause="paid_twice")


def test_interest_pays_arrears_only_when_the_refund_is_used_up() -> None:
    paid = [Paid(on=date(2025, 6, 30), amount=1_000_000)]
    demand = Demand(bill_id=1, amount=1_020_000, as_of=date(2026, 3, 31))
    found = figures(paid=paid, demands=[demand], why=TWICE, decided=DECIDED, tables=tables())
    (taken,) = found.taken
    assert (taken.principal, taken.interest) == (1_000_000, 20_000)
    assert found.interest == 1_000_000 * 31 * 274 // 365_000 // 10 * 10  # to the day as of which it paid
    assert (found.principal_left, found.interest_left) == (0, found.interest - 20_000)


def test_money_for_no_bill_and_a_complaint_bear_none() -> None:
    paid = [Paid(on=date(2024, 6, 30), amount=1_000_000)]
    for cause in ("no_tax", "grievance"):
        assert figures(paid=paid, demands=[], why=Why(cause=cause), decided=DECIDED, tables=tables()).interest == 0


def test_the_fortieth_day_is_late() -> None:
    final = date(2026, 1, 5)
    assert not is_late(final_on=final, decided=date(2026, 2, 13), tables=tables())
    assert is_late(final_on=final, decided=date(2026, 2, 14), tables=tables())


def test_a_claim_ends_after_five_years() -> None:
    assert expires(arose=date(2024, 2, 29), tables=tables()) == date(2029, 2, 28)
    assert expires(arose=date(2021, 3, 5), tables=tables()) == date(2026, 3, 5)


def test_banks_write_names_in_their_own_way() -> None:
    assert same_name("홍 길동", "홍길동")
    assert not same_name("홍길동", "홍길순")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sums=st.lists(st.integers(10, 5_000_000), min_size=1, max_size=4),
    asked=st.lists(st.integers(10, 5_000_000), max_size=4),
)
def test_no_won_is_lost_or_made(sums: list[int], asked: list[int]) -> None:
    paid = [Paid(on=date(2024, 1 + place, 3), amount=amount) for place, amount in enumerate(sums)]
    demands = [Demand(bill_id=n, amount=amount, as_of=date(2025, 2, 1)) for n, amount in enumerate(asked)]
    found = figures(paid=paid, demands=demands, why=TWICE, decided=DECIDED, tables=tables())
    assert sum(one.principal for one in found.taken) + found.principal_left == sum(sums) == found.principal
    assert sum(one.interest for one in found.taken) + found.interest_left == found.interest
    by_bill = {one.bill_id: one.principal + one.interest for one in found.taken}
    assert all(by_bill.get(demand.bill_id, 0) <= demand.amount for demand in demands)
    assert not found.principal_left or all(by_bill[demand.bill_id] == demand.amount for demand in demands)


def test_of_several_payments_the_last_goes_back_first() -> None:
    paid = [Paid(on=date(2026, 1, 5), amount=70), Paid(on=date(2026, 1, 9), amount=30)]
    assert [(one.on.day, one.amount) for one in last_paid_first(paid=paid, amount=50)] == [(9, 30), (5, 20)]
