"""Returns that came late or told too little: the penalty, what falls away for making it good, and the days."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from billing.explain import sentences
from billing.rules.dated import NoTableForDate
from billing.rules.filing_penalty import not_filed, sold_without_return, told_too_little
from billing.rules.late_payment import late_filing, month_passes_after

from .seoul import tables

DUE = date(2026, 6, 30)
SEED = 20260630


def test_whoever_files_nothing_owes_a_fifth_more_and_by_fraud_two_fifths() -> None:
    assert not_filed(tax=1_000_000, due=DUE, tables=tables()).amount == 200_000
    assert not_filed(tax=1_000_000, due=DUE, tables=tables(), fraud=True).amount == 400_000
    assert not_filed(tax=12_345, due=DUE, tables=tables()).amount == 2_460  # 2,469 cut


@pytest.mark.parametrize(
    ("filed_on", "left"),
    [
        (date(2026, 7, 1), 100_000),
        (date(2026, 7, 31), 100_000),
        (date(2026, 8, 1), 140_000),
        (date(2026, 9, 30), 140_000),
        (date(2026, 10, 1), 160_000),
        (date(2026, 12, 31), 160_000),
        (date(2027, 1, 1), 200_000),
    ],
)
def test_part_falls_away_for_whoever_files_soon_after(filed_on: date, left: int) -> None:
    penalty = not_filed(tax=1_000_000, due=DUE, tables=tables(), filed_on=filed_on)
    assert penalty.amount == left
    assert not_filed(tax=1_000_000, due=DUE, tables=tables(), filed_on=filed_on, fraud=True).amount == 400_000


@pytest.mark.parametrize(
    ("months", "left"), [(0, 10_000), (2, 25_000), (5, 50_000), (11, 70_000), (17, 80_000), (23, 90_000), (24, 100_000)]
)
def test_whoever_amends_soon_owes_less(months: int, left: int) -> None:
    amended = month_passes_after(DUE, months) if months else DUE + timedelta(days=1)
    assert told_too_little(short=1_000_000, due=DUE, tables=tables(), amended_on=amended).amount == left


def test_what_is_short_by_fraud_costs_more_and_is_never_forgiven() -> None:
    penalty = told_too_little(
        short=1_000_000, by_fraud=400_000, due=DUE, tables=tables(), amended_on=DUE + timedelta(days=1)
    )
    assert penalty.amount == 6_000 + 160_000
    with pytest.raises(ValueError, match="by fraud"):
        told_too_little(short=1, by_fraud=2, due=DUE, tables=tables())


def test_something_sold_without_a_return_owes_four_fifths_more() -> None:
    assert sold_without_return(tax=1_000_000, on=DUE, tables=tables()).amount == 800_000


def test_the_days_count_each_at_its_rate_to_three_quarters_of_the_tax() -> None:
    assert late_filing(tax=1_000_000, due=DUE, on=DUE + timedelta(days=10), tables=tables()).total == 2_200
    across = late_filing(tax=1_000_000, due=date(2022, 6, 1), on=date(2022, 6, 11), tables=tables())
    assert across.total == 2_350  # 5 days at 0.025%, 5 at 0.022%: 1,250 + 1,100
    assert late_filing(tax=1_000_000, due=date(2019, 1, 1), on=date(2030, 1, 1), tables=tables()).total == 750_000
    assert late_filing(tax=1_000_000, due=DUE, on=DUE, tables=tables()).total == 0


def test_a_year_whose_penalty_was_not_read_is_refused_by_name() -> None:
    with pytest.raises(NoTableForDate, match="filing_penalty"):
        not_filed(tax=1_000_000, due=date(2018, 12, 31), tables=tables())


def test_random_penalties_are_tens_of_won_and_never_grow_by_making_good() -> None:
    draw = Random(SEED)  # noqa: S311 (the same at every run)
    for _ in range(1000):
        tax, days = draw.randint(0, 10**10), draw.randint(1, 800)
        due = date(2020, 1, 1) + timedelta(days=draw.randrange(2500))
        on = due + timedelta(days=days)
        full, late = (
            not_filed(tax=tax, due=due, tables=tables()),
            not_filed(tax=tax, due=due, tables=tables(), filed_on=on),
        )
        amended = told_too_little(short=tax, due=due, tables=tables(), amended_on=on)
        for penalty in (full, late, amended):
            assert penalty.amount % 10 == 0
            assert penalty.amount == (penalty.steps[-1].amount or 0)
            assert all(sentence.article and "%(" not in sentence.text for sentence in sentences(penalty.steps))
        assert late.amount <= full.amount
        assert amended.amount <= full.amount
