"""Money of a payment is taken back: what the bill owes then, and what becomes of the other payments."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from billing import selectors
from billing.models import Bill, BillPayment
from billing.selectors.bills import bill_detail
from billing.services import apply_payment
from tests.billing.conftest import csv_of
from tests.billing.people import citizen_client
from tests.support.database import AsRole


def day(text: str) -> datetime:
    """Noon in Seoul."""
    return datetime.fromisoformat(f"{text}T03:00:00+00:00")


@pytest.fixture
def bill(issued: Callable[[str], int]) -> int:
    """A bill of 200,000 and 60,000 won, due on 30 June 2026."""
    issued(csv_of({}))
    return Bill.objects.get().pk


def pay(bill_id: int, amount: int, on: str, reference: str) -> None:
    with transaction.atomic():
        apply_payment(bill_id=bill_id, amount=amount, paid_at=day(on), payment_reference=reference)


def take_back(bill_id: int, reference: str, amount: int, mark: str = "reversal:1/1") -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT billing_take_back(%s, %s, %s, %s, %s)", [bill_id, reference, amount, day("2026-07-02"), mark]
        )
        ((answer,),) = cursor.fetchall()
    return dict(json.loads(answer) if isinstance(answer, str) else answer)


def owed(bill_id: int, on: str) -> tuple[int, int]:
    found = selectors.owed(bill_ids=[bill_id], at=day(on))[bill_id]
    return found.tax, found.surcharge


def held(bill_id: int, reference: str) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM billing_held(%s, %s)", [bill_id, reference])
        applied, excess = cursor.fetchone()
    return applied, excess


def sums(answer: dict[str, Any]) -> dict[tuple[str, str], int]:
    return {(side["tax"], side["purpose"]): side["amount"] for side in answer["postings"]}


def test_a_payment_taken_back_is_owed_again_from_the_bills_own_due_date(bill: int) -> None:
    before = owed(bill, "2026-09-15")
    pay(bill, 260_000, "2026-06-20", "A")
    answer = take_back(bill, "A", 260_000)
    assert (answer["applied"], answer["excess"]) == (260_000, 0)
    assert sums(answer) == {("automobile", "receivable"): 200_000, ("local_education", "receivable"): 60_000}
    assert owed(bill, "2026-09-15") == before
    assert bill_detail(bill_id=bill, at=day("2026-09-15")).today.late_steps


def test_what_was_too_much_goes_first(bill: int) -> None:
    pay(bill, 300_000, "2026-06-20", "A")
    answer = take_back(bill, "A", 50_000)
    assert (answer["applied"], answer["excess"]) == (10_000, 40_000)
    assert owed(bill, "2026-06-25") == (10_000, 0)
    assert answer["payments"][0]["applied"] == 250_000


def test_a_second_payment_takes_the_place_of_the_first_on_its_own_day(bill: int) -> None:
    pay(bill, 260_000, "2026-06-20", "A")
    pay(bill, 270_000, "2026-07-01", "B")
    answer = take_back(bill, "A", 260_000)
    assert owed(bill, "2026-12-01") == (0, 0)
    assert held(bill, "B") == (267_800, 2_200)
    assert (answer["applied"], answer["excess"]) == (-7_800, 267_800)
    assert sum(side["amount"] for side in answer["postings"]) == 260_000
    assert {one["reference"]: one["applied"] for one in answer["payments"]} == {"A": 0, "B": 267_800}


def test_in_whatever_order_the_same_money_ends_on_the_same_lines(bill: int) -> None:
    pay(bill, 100_000, "2026-06-20", "A")
    pay(bill, 160_000, "2026-06-21", "B")
    answer = take_back(bill, "A", 100_000)
    assert sums(answer) == {("automobile", "receivable"): 40_000, ("local_education", "receivable"): 60_000}
    assert [one["reference"] for one in answer["payments"]] == ["A", "B"]


def test_a_payment_before_it_is_left_alone(bill: int) -> None:
    pay(bill, 100_000, "2026-06-20", "A")
    pay(bill, 160_000, "2026-06-21", "B")
    take_back(bill, "B", 60_000)
    assert held(bill, "A") == (100_000, 0)
    assert held(bill, "B") == (100_000, 0)
    assert BillPayment.objects.filter(corrects__reference="A").count() == 0


def test_part_after_part_never_more_than_was_paid(bill: int) -> None:
    pay(bill, 260_000, "2026-06-20", "A")
    take_back(bill, "A", 200_000, "reversal:1/1")
    take_back(bill, "A", 60_000, "reversal:2/1")
    assert owed(bill, "2026-06-25") == (260_000, 0)
    with pytest.raises(DatabaseError, match="more than was paid"):
        pay(bill, 1_000, "2026-06-26", "B")
        take_back(bill, "B", 1_001, "reversal:3/1")


def test_money_of_a_cancelled_bill_is_no_longer_to_be_paid_back(bill: int) -> None:
    pay(bill, 260_000, "2026-06-20", "A")
    Bill.objects.update(status="cancelled")
    answer = take_back(bill, "A", 70_000)
    assert sums(answer) == {("local_education", "refund_payable"): 60_000, ("automobile", "refund_payable"): 10_000}


def test_the_page_of_the_bill_says_so_in_plain_words(bill: int, as_role: AsRole) -> None:
    pay(bill, 260_000, "2026-06-20", "A")
    citizen = citizen_client(as_role, Bill.objects.get().taxpayer)
    page = f"/bills/{bill}/"
    assert "taken back" not in citizen.get(page, headers={"Accept-Language": "en"}).content.decode()
    take_back(bill, "A", 60_000)
    for language, words in (("en", "was taken back on"), ("ko", "이 고지서의 납부가 취소되었습니다")):
        text = citizen.get(page, headers={"Accept-Language": language}).content.decode()
        assert words in text
        assert "60,000" in text


def test_nobody_takes_money_back_beside_the_books(bill: int, as_role: Any) -> None:
    pay(bill, 260_000, "2026-06-20", "A")
    for face in ("public", "office", "intake"):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
            take_back(bill, "A", 1)
