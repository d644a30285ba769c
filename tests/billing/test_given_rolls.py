"""A roll as a district office sends it, whole: each row a bill, and the sum to the won."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db.models import Sum

from billing.models import Bill
from ledger import checks
from tests.support.beside import FOLDER

ROLL = "data/rolls/automobile_2026_first_half.csv"
HOUSES = "data/rolls/housing_2026.csv"


@pytest.mark.beside(ROLL)
def test_the_roll_of_the_first_half_of_2026_becomes_bills_that_the_books_agree_with(
    issued: Callable[..., int],
) -> None:
    issued((FOLDER / ROLL).read_text(encoding="utf-8"), at=datetime(2026, 6, 8, 1, tzinfo=UTC))
    assert Bill.objects.count() == 3000
    # a year billed whole in June has the discount on its second half, and each half its own age (articles 127, 128)
    assert Bill.objects.aggregate(sum=Sum("amount"))["sum"] == 448_195_910
    assert Bill.objects.values_list("due_on", flat=True).distinct().get().isoformat() == "2026-06-30"
    assert checks.run_all() == []


@pytest.mark.beside(HOUSES)
def test_the_roll_of_houses_of_2026_becomes_bills_of_july(issued: Callable[..., int]) -> None:
    issued((FOLDER / HOUSES).read_text(encoding="utf-8"), tax="housing", at=datetime(2026, 7, 8, 1, tzinfo=UTC))
    assert Bill.objects.count() == 3000
    assert Bill.objects.aggregate(sum=Sum("amount"))["sum"] == 1_143_994_600
    assert Bill.objects.values_list("due_on", flat=True).distinct().get().isoformat() == "2026-07-31"
    assert checks.run_all() == []
