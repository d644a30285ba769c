from __future__ import annotations

from datetime import date

import pytest

from billing.rules.deadlines import is_late, last_day_to_file
from billing.rules.refund_interest import EventDayMissing, first_day, refund_interest

from .seoul import calendar, tables

PAID = date(2025, 7, 31)


@pytest.mark.parametrize(
    ("cause", "event", "first"),
    [
        ("paid_twice", None, date(2025, 8, 1)),
        ("cancelled", None, date(2025, 8, 1)),
        ("year_paid_ahead", date(2025, 10, 3), date(2025, 10, 4)),  # the day after the car was scrapped
        ("year_paid_ahead", date(2025, 3, 3), date(2025, 8, 1)),  # but never before the payment
        ("reduced", date(2025, 9, 1), date(2025, 9, 2)),
        ("law_changed", date(2025, 9, 1), date(2025, 9, 2)),
        ("claimed", date(2025, 9, 1), date(2025, 10, 2)),
        ("grievance", None, None),
    ],
)
def test_interest_begins_on_a_day_that_depends_on_the_cause(cause: str, event: date | None, first: date | None) -> None:
    assert first_day(cause=cause, paid=PAID, event=event) == first


def test_a_cause_that_is_unknown_or_names_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule for a refund"):
        first_day(cause="whim", paid=PAID)
    with pytest.raises(EventDayMissing):
        first_day(cause="reduced", paid=PAID)


def test_each_day_bears_the_rate_in_force_on_it() -> None:
    found = refund_interest(refund=1_000_000, first=date(2024, 3, 21), decided=date(2025, 3, 22), tables=tables())
    assert [(part.percent, part.days) for part in found.parts] == [("2.9", 1), ("3.5", 364), ("3.1", 2)]
    assert found.amount == 35_150
    assert all(step.article for step in found.steps)


def test_money_paid_back_late_after_a_judgment_bears_half_as_much_again() -> None:
    plain, late = (
        refund_interest(
            refund=1_000_000,
            first=date(2025, 8, 1),
            decided=date(2026, 7, 31),
            tables=tables(),
            after_a_late_judgment=late,
        )
        for late in (False, True)
    )
    assert (plain.amount, late.amount) == (31_000, 46_500)


def test_money_paid_back_on_the_day_bears_nothing() -> None:
    assert refund_interest(refund=1_000_000, first=date(2025, 8, 1), decided=PAID, tables=tables()).amount == 0
    assert refund_interest(refund=1_000_000, first=None, decided=PAID, tables=tables()).parts == ()


def test_a_petition_may_come_on_the_ninetieth_day_and_one_on_the_next_is_late() -> None:
    last = last_day_to_file(way="objection", served=date(2019, 9, 17), calendar=calendar(), tables=tables())
    assert last == date(2019, 12, 16)
    assert not is_late(filed=last, last_day=last)
    assert is_late(filed=date(2019, 12, 17), last_day=last)


def test_a_last_day_of_rest_moves_to_the_next_on_which_one_can_file() -> None:
    last = last_day_to_file(way="tribunal", served=date(2025, 7, 7), calendar=calendar(), tables=tables())
    assert last == date(2025, 10, 10)  # the 5th to the 9th were Chuseok and Hangeul Day
    review = last_day_to_file(
        way="pre_assessment_review", served=date(2026, 1, 2), calendar=calendar(), tables=tables()
    )
    assert review == date(2026, 2, 2)  # the 1st is a Sunday
