"""What a payment does to a bill, and that the rule in SQL and the rule in Python agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from billing import selectors, services
from billing.models import Bill, BillPayment
from billing.rules.late_payment import late_payment, month_passes_after
from billing.services import AppliedPayment, apply_payment

from .conftest import Officers, csv_of
from .seoul import tables

DUE = date(2026, 6, 30)


def day(text: str) -> datetime:
    """Noon in Seoul."""
    return datetime.fromisoformat(f"{text}T03:00:00+00:00")


@pytest.fixture
def bill(issued: Callable[[str], int]) -> int:
    """A bill of 200,000 and 60,000 won, due on 30 June 2026."""
    issued(csv_of({}))
    return Bill.objects.get().pk


@pytest.fixture
def large_bill(issued: Callable[[str], int]) -> int:
    """A bill of 500,000 and 150,000 won: late by months, the car's tax alone bears the monthly part."""
    issued(csv_of({"displacement_cc": "5000"}))
    return Bill.objects.get().pk


def pay(bill_id: int, amount: int, on: str, reference: str = "PAY-1") -> AppliedPayment:
    with transaction.atomic():
        return apply_payment(bill_id=bill_id, amount=amount, paid_at=day(on), payment_reference=reference)


def owed(bill_id: int, on: str) -> tuple[int, int]:
    found = selectors.owed(bill_ids=[bill_id], at=day(on))[bill_id]
    return found.tax, found.surcharge


def test_a_full_payment_leaves_nothing_and_says_what_to_credit(bill: int) -> None:
    applied = pay(bill, 260_000, "2026-06-20")
    assert (applied.applied, applied.excess, applied.remaining, applied.repeated) == (260_000, 0, 0, False)
    assert [(credit.tax, credit.purpose, credit.amount) for credit in applied.credits] == [
        ("automobile", "receivable", 200_000),
        ("local_education", "receivable", 60_000),
    ]
    assert owed(bill, "2027-01-01") == (0, 0)


def test_the_same_payment_again_changes_nothing(bill: int) -> None:
    first = pay(bill, 260_000, "2026-06-20")
    again = pay(bill, 260_000, "2026-06-20")
    assert again.repeated
    assert (again.applied, again.excess, again.credits) == (first.applied, first.excess, first.credits)
    assert BillPayment.objects.count() == 1


def test_a_second_payment_is_all_excess(bill: int) -> None:
    pay(bill, 260_000, "2026-06-20")
    second = pay(bill, 260_000, "2026-06-20", "PAY-2")
    assert (second.applied, second.excess, second.credits) == (0, 260_000, ())


def test_a_part_payment_fills_tax_line_by_line_before_any_surcharge(bill: int) -> None:
    assert owed(bill, "2026-07-01") == (260_000, 7_800)
    first = pay(bill, 230_000, "2026-07-01")
    assert [(credit.tax, credit.amount) for credit in first.credits] == [
        ("automobile", 200_000),
        ("local_education", 30_000),
    ]
    second = pay(bill, 35_000, "2026-07-02", "PAY-2")
    assert [(credit.tax, credit.purpose, credit.amount) for credit in second.credits] == [
        ("local_education", "receivable", 30_000),
        ("automobile", "revenue", 5_000),
    ]
    assert second.remaining == 2_800


def test_a_payment_before_midnight_in_seoul_is_in_time(bill: int) -> None:
    with transaction.atomic():
        applied = apply_payment(
            bill_id=bill,
            amount=260_000,
            paid_at=datetime(2026, 6, 30, 14, 59, 59, tzinfo=UTC),
            payment_reference="PAY-1",
        )
    assert applied.remaining == 0
    with transaction.atomic():
        late = apply_payment(
            bill_id=bill, amount=1, paid_at=datetime(2026, 6, 30, 15, 0, tzinfo=UTC), payment_reference="PAY-2"
        )
    assert late.excess == 1


def test_what_is_more_than_owed_is_excess(bill: int) -> None:
    applied = pay(bill, 300_000, "2026-06-20")
    assert (applied.applied, applied.excess) == (260_000, 40_000)


def test_a_cancelled_bill_takes_nothing(bill: int, officers: Officers) -> None:
    services.cancel_bill(bill_id=bill, cancelled_by_id=officers.approver, reason="sold", at=day("2026-06-15"))
    assert pay(bill, 260_000, "2026-06-20").excess == 260_000


def test_a_bill_that_does_not_exist_is_named(db: None) -> None:
    with pytest.raises(Bill.DoesNotExist):
        pay(1, 1, "2026-06-20")


def test_two_payers_at_once_fill_a_bill_once(bill: int) -> None:
    results: list[AppliedPayment] = []

    def payer(number: int) -> None:
        results.append(pay(bill, 260_000, "2026-06-20", f"PAY-{number}"))
        connection.close()

    threads = [Thread(target=payer, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.applied for result in results) == [0, 0, 0, 260_000]
    assert sum(result.excess for result in results) == 3 * 260_000


def late_days() -> list[date]:
    edges = [DUE, DUE + timedelta(days=1)]
    for months in (1, 2, 7, 8, 60, 61):
        passed = month_passes_after(DUE, months)
        edges += [passed - timedelta(days=1), passed]
    return [*edges, date(2040, 1, 1)]


@pytest.mark.parametrize("parts", [[], [("2026-06-20", 100_000)], [("2026-07-15", 30_000), ("2026-09-10", 400_000)]])
def test_the_database_and_the_rule_agree_on_every_surcharge(large_bill: int, parts: list[tuple[str, int]]) -> None:
    for number, (paid_on, amount) in enumerate(parts):
        pay(large_bill, amount, paid_on, f"PAY-{number}")
    rule = tables().at("late_payment", date(2026, 6, 1))
    for on in late_days():
        found = selectors.owed(bill_ids=[large_bill], at=day(on.isoformat()))[large_bill]
        for line in found.lines:
            paid = selectors.parts_paid(line_id=line.line_id)
            expected = late_payment(tax=line.amount, due=DUE, on=on, rule=rule, paid=paid)
            assert line.surcharge == expected.total, (on, line.tax)


@pytest.mark.parametrize("due", [date(2026, 1, 30), date(2026, 1, 31), date(2024, 2, 28), date(2026, 8, 30)])
def test_months_end_alike_in_the_database_and_in_the_rule(db: None, due: date) -> None:
    with connection.cursor() as cursor:
        for months in range(1, 14):
            cursor.execute("SELECT billing_month_end(%s::date, %s::integer)", [due, months])
            assert cursor.fetchone()[0] + timedelta(days=1) == month_passes_after(due, months)


def test_the_detail_shows_how_tax_and_surcharge_came_about(large_bill: int) -> None:
    detail = selectors.bill_detail(bill_id=large_bill, at=day("2026-09-01"))
    assert [step.code for step in detail.steps] == ["yearly_by_displacement", "cut_to_ten", "education"]
    assert [step.code for _, steps in detail.today.late_steps for step in steps] == [
        "late_once",
        "late_by_month",
        "late_once",
        "late_below_threshold",
    ]
    shown = sum(step.amount or 0 for _, steps in detail.today.late_steps for step in steps)
    assert shown == detail.summary.owed.surcharge


def test_one_round_trip_answers_what_the_service_does(bill: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT billing_apply_payment(%s, %s, %s, %s)", [bill, 260_001, day("2026-06-20"), "PAY-1"])
        answer = json.loads(cursor.fetchone()[0])
    assert (answer["applied"], answer["excess"], answer["repeated"]) == (260_000, 1, False)
    assert sum(posting["amount"] for posting in answer["postings"]) == -260_000
