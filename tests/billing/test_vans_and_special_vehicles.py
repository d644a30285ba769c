"""Buses, vans and special vehicles are billed by their class, which a roll's column `size` names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils.translation import override

from billing import selectors
from billing.explain import sentences
from billing.models import Bill
from billing.rules.automobile_roll import AUTOMOBILE
from billing.services.recompute_bills import Count, recompute_bills
from ledger import checks

from .conftest import AT, GOOD

HEADER = [*AUTOMOBILE.column_names, "size"]
PLAIN = GOOD | {"displacement_cc": "", "load_kg": "", "size": ""}


def roll_of(*rows: dict[str, str], header: list[str] = HEADER) -> str:
    lines = (",".join((PLAIN | row)[name] for name in header) for row in rows)
    return "\n".join([",".join(header), *lines]) + "\n"


@pytest.mark.parametrize(
    ("kind", "size", "year", "asked"),
    # Halves of the yearly sums of article 127 paragraph 1 nos. 4 and 6; the smallest is billed whole in June, for less.
    [("van", "small", 65_000, 63_380), ("van", "large", 115_000, 57_500), ("special", "large", 157_500, 78_750)],
)
def test_a_van_and_a_special_vehicle_are_billed_by_their_class(
    issued: Callable[..., int], kind: str, size: str, year: int, asked: int
) -> None:
    issued(roll_of({"kind": kind, "size": size}))
    bill = Bill.objects.get()
    steps = selectors.bill_detail(bill_id=bill.pk, at=AT).steps
    assert (steps[0].code, steps[0].amount) == ("yearly_by_size", year)
    for language, word in (("ko", "소형" if size == "small" else "대형"), ("en", size)):
        with override(language):
            assert word in sentences(steps)[0].text
    assert bill.lines.get(tax="automobile").amount == asked
    assert list(recompute_bills(count=Count())) == []
    assert checks.run_all() == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"kind": "van"}, "missing"),
        ({"kind": "special", "size": "huge"}, "unknown_value"),
        ({"kind": "van", "use": "private", "size": "express"}, "no_rate"),
    ],
)
def test_a_class_that_is_missing_or_that_the_law_has_no_sum_for_is_named(
    imported: Callable[..., int], row: dict[str, str], code: str
) -> None:
    roll = imported(roll_of(row))
    assert [problem[:3] for problem in selectors.problems(roll_id=roll)] == [(2, "size", code)]


def test_a_file_without_the_column_names_it_where_a_van_needs_it(imported: Callable[..., int]) -> None:
    roll = imported(roll_of({"kind": "passenger", "displacement_cc": "2000"}, {"kind": "van"}, header=HEADER[:-1]))
    assert (3, "size", "missing") in [problem[:3] for problem in selectors.problems(roll_id=roll)]
