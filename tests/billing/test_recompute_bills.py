"""`manage.py recompute_bills`: every bill of any roll computes to the same won for ever, and a difference is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.models import Bill, DatedTable

from .conftest import csv_of, sample_text


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("recompute_bills", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("seed", [5, random.SystemRandom().randrange(10**9)], ids=["known", "random"])
def test_every_bill_of_a_random_roll_computes_to_its_own_won(issued: Callable[[str], int], seed: int) -> None:
    issued(sample_text(150, seed=seed))
    assert said() == f"{Bill.objects.count()} bills computed anew, 0 differ\n", seed


def test_a_difference_is_named_and_ends_the_command_with_an_error(issued: Callable[[str], int]) -> None:
    issued(csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "kind": "truck", "load_kg": "900"}))
    bill = Bill.objects.get(roll_ref="CAR-1")
    table = DatedTable.objects.get(name="automobile_education")
    DatedTable.objects.filter(pk=table.pk).update(body=table.body | {"percent": "31"})
    out = StringIO()
    try:
        with pytest.raises(CommandError, match="1 bills differ"):
            call_command("recompute_bills", stdout=out)
    finally:
        DatedTable.objects.filter(pk=table.pk).update(body=table.body)
    assert out.getvalue().splitlines()[0] == (
        f"bill {bill.pk}: stands at {{'automobile': 200000, 'local_education': 60000}}, "
        "computes to {'automobile': 200000, 'local_education': 62000}"
    )
    assert said(str(bill.pk)) == "1 bills computed anew, 0 differ\n"
    assert said("--year", "2020") == "0 bills computed anew, 0 differ\n"
