"""Rolls of property and resident tax, brought, approved and issued like those of vehicles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from billing import selectors, services
from billing.models import Bill
from billing.rules.plans import Share
from billing.rules.registry import KINDS
from billing.selectors.late import on_day
from ledger import checks

from .conftest import Officers
from .life import pay_and_post, total

PAYER = "R-1,11680,김갑수,690302-9635604,"
ROLLS = {
    "housing": (1, "11680100944540831,서울특별시 1번길 1,500000000,490000000,N,Y,100", "2026-07-31", 552_000),
    "housing_whole": (
        1,
        "11680100944540833,서울특별시 1번길 3,500000000,490000000,N,Y,100,100000000,500000,",
        "2026-07-31",
        275_000 + 210_000 + 22_550 + 55_000,
    ),
    "building": (1, "11680100944540832,서울특별시 1번길 2,100000000,general,risk,Y,100,,,", "2026-07-31", 420_600),
    "land": (2, "LAND-1,separate,200000000,0,,", "2026-09-30", 336_000),
    "vessel": (1, "SHIP-1,ship,100000000,100", "2026-07-31", 360_000),
    "resident": (1, "H-1", "2026-08-31", 6_000),
}


@pytest.mark.parametrize("name", ROLLS)
def test_a_roll_becomes_a_bill_that_the_books_and_the_explanation_agree_with(
    name: str, imported: Callable[..., int], officers: Officers
) -> None:
    term, cells, due, amount = ROLLS[name]
    at = datetime(2026, 7, 8, 1, tzinfo=UTC)
    text = ",".join(KINDS[name].column_names) + "\n" + PAYER + "," + cells + "\n"
    issue(imported(text, tax=name, term=term, at=at), officers, at)
    bill = Bill.objects.get()
    assert (bill.amount, bill.due_on.isoformat(), bill.tax_id) == (amount, due, KINDS[name].tax)
    assert sum(line.amount for line in bill.lines.all()) == amount
    assert checks.run_all() == []


def issue(roll_id: int, officers: Officers, at: datetime) -> None:
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=at)
    services.issue_roll(roll_id=roll_id, at=at)


def test_an_officer_chooses_among_the_rolls_of_one_tax_by_their_names(db: None) -> None:
    names = {tax.code: tax.name_en for tax in selectors.taxes_billed_by_roll()}
    assert names["housing"] == "Property tax on houses"
    assert len(set(names.values())) == len(names)


def test_property_tax_and_its_urban_part_together_reach_the_sum_from_which_months_count(
    imported: Callable[..., int], officers: Officers
) -> None:
    at = datetime(2026, 7, 8, 1, tzinfo=UTC)
    text = ",".join(KINDS["housing"].column_names) + "\n" + PAYER + "," + ROLLS["housing"][1] + "\n"
    issue(imported(text, tax="housing", at=at), officers, at)
    bill = Bill.objects.get()
    day = on_day(bill=bill, on=date(2026, 10, 1))
    surcharges = {line.owed.tax: line.owed.surcharge for line in day.lines}
    # 285,000 and 210,000 won: neither is 450,000, both are; two full months. The education tax stays below it.
    assert surcharges == {"property": 8_550 + 3_760, "property_urban": 6_300 + 2_770, "local_education": 1_710}
    for line in day.lines:
        assert sum(step.amount or 0 for step in line.late_steps) == line.owed.surcharge


def test_half_of_a_large_property_tax_may_wait_three_months_and_not_a_won_more(
    imported: Callable[..., int], officers: Officers
) -> None:
    at = datetime(2026, 7, 8, 1, tzinfo=UTC)
    cells = "11680100944540839,서울특별시 1번길 9,5000000000,4900000000,N,Y,100"
    issue(
        imported(",".join(KINDS["housing"].column_names) + "\n" + PAYER + "," + cells + "\n", at=at, tax="housing"),
        officers,
        at,
    )
    bill = Bill.objects.get()
    tax = bill.lines.get(tax="property").amount
    waits = tax // 20 * 10
    for more, until in ((10, date(2026, 10, 31)), (0, date(2026, 11, 1))):
        with pytest.raises(services.PlanNotAllowed):
            plan(bill, officers, waits=waits + more, until=until)
    plan(bill, officers, waits=waits, until=date(2026, 10, 31))
    assert tax > 5_000_000
    pay_and_post(bill.pk, bill.amount - waits, "2026-07-31")
    assert total(bill.pk, "2026-10-31") == waits
    assert total(bill.pk, "2026-11-01") > waits


def plan(bill: Bill, officers: Officers, *, waits: int, until: date) -> None:
    """In two parts by law: asked for by one officer, decided by a second, since so much is at stake."""
    at = datetime(2026, 7, 20, 1, tzinfo=UTC)
    shares = [Share(due_on=bill.due_on, amount=bill.amount - waits), Share(due_on=until, amount=waits)]
    asked = services.plan_instalments(
        bill_id=bill.pk, plan="statutory", parts=shares, asked_by_id=officers.uploader, reason="분할납부 신청", at=at
    )
    assert asked.status == "proposed"
    services.decide_change(change_id=asked.change_id, decided_by_id=officers.approver, approved=True, because="", at=at)
