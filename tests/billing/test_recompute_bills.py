"""`manage.py recompute_bills`: every bill of any roll computes to the same won for ever, and a difference is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from billing.models import Bill, DatedTable
from billing.tasks import recompute_new_bills
from core import clock

from .conftest import csv_of, sample_text


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("recompute_bills", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("seed", [5, random.SystemRandom().randrange(10**9)], ids=["known", "random"])
def test_every_bill_of_a_random_roll_computes_to_its_own_won(issued: Callable[[str], int], seed: int) -> None:
    issued(sample_text(150, seed=seed))
    assert said() == f"{Bill.objects.count()} bills computed anew, 0 differ\n", seed


def test_a_difference_is_named_and_ends_the_command_with_an_error(
    issued: Callable[[str], int], caplog: pytest.LogCaptureFixture
) -> None:
    issued(csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "kind": "truck", "load_kg": "900"}))
    bill = Bill.objects.get(roll_ref="CAR-1")
    table = DatedTable.objects.get(name="automobile_education")
    DatedTable.objects.filter(pk=table.pk).update(body=table.body | {"percent": "31"})
    out = StringIO()
    try:
        with pytest.raises(CommandError, match="1 bills differ"):
            call_command("recompute_bills", stdout=out)
        recompute_new_bills()  # every night, of bills of the last days
        Bill.objects.update(issued_at=clock.now())
        recompute_new_bills()
    finally:
        DatedTable.objects.filter(pk=table.pk).update(body=table.body)
    assert out.getvalue().splitlines()[0] == (
        f"bill {bill.pk}: stands at {{'automobile': 200000, 'local_education': 60000}}, "
        "computes to {'automobile': 200000, 'local_education': 62000}"
    )
    told: list[tuple[str, Any]] = [(one.levelname, one.msg) for one in caplog.records if one.name == "billing.tasks"]
    assert [(level, fact["event"], fact.get("bills"), fact.get("bill_id")) for level, fact in told] == [
        ("INFO", "billing.bills_recomputed", 0, None),
        ("ERROR", "billing.bill_differs", None, bill.pk),
        ("ERROR", "billing.bills_recomputed", 2, None),
    ]
    assert said(str(bill.pk)) == "1 bills computed anew, 0 differ\n"
    assert said("--year", "2020") == "0 bills computed anew, 0 differ\n"
