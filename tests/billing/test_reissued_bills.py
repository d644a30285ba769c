"""A bill in the place of another: what runs on beside it, and that too little is not billed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from billing import selectors, services
from billing.models import Bill, BillFact, BillReplacement
from billing.rules.smallest import too_little

from .conftest import Officers, csv_of
from .life import act, books_agree, pay_and_post, total
from .seoul import tables
from .test_payments_on_bills import day


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    """A bill of 200,000 and 60,000 won, due on 30 June 2026."""
    issued(csv_of({}))
    return Bill.objects.get()


def reissued(bill: Bill, officers: Officers, on: str) -> Bill:
    asked = services.reissue_bill(bill_id=bill.pk, **act(officers.uploader, on))
    services.carry_out(change_id=asked.change_id, at=day(on))
    return BillReplacement.objects.get(old=bill).new


def test_a_contest_and_a_held_auction_run_on_beside_the_new_bill(bill: Bill, officers: Officers) -> None:
    who = officers.approver
    services.note_contest(bill_id=bill.pk, from_on=date(2026, 6, 16), **act(who, "2026-06-16", "wrong car"))
    services.hold_auction(
        bill_id=bill.pk, from_on=date(2026, 6, 17), decided_on=None, **act(who, "2026-06-17", "waits")
    )
    new = reissued(bill, officers, "2026-06-25")
    old_life, life = (selectors.life_of(bill_id=one.pk, on=date(2026, 6, 26), staff=True) for one in (bill, new))
    assert [(fact.kind, fact.from_on, fact.reason, fact.ended) for fact in life.facts] == [
        ("hold", date(2026, 6, 17), "waits", False),
        ("contest", date(2026, 6, 16), "wrong car", False),
    ]
    assert [(change.kind, change.asked_by, change.status) for change in life.changes] == [
        ("hold", who, "done"),
        ("contest", who, "done"),
    ]
    assert all(fact.ended for fact in old_life.facts)
    hold = BillFact.objects.get(bill=new, kind="hold")
    services.end_fact(bill_id=new.pk, fact_id=hold.pk, on=date(2026, 7, 1), **act(who, "2026-07-01"))
    with pytest.raises(services.FactAlreadyStands):
        services.note_contest(bill_id=new.pk, from_on=date(2026, 7, 1), **act(who, "2026-07-01"))


@pytest.mark.parametrize(
    ("amounts", "unpaid", "smallest"),
    [
        ({"automobile": 1_999, "local_education": 50_000}, None, 2_000),
        ({"automobile": 2_000, "local_education": 590}, None, None),
        ({"automobile": 0, "local_education": 2_000}, None, None),
        ({"property": 1_000, "property_urban": 1_000}, None, None),
        ({"property": 1_000, "property_urban": 990, "local_resource": 5_000}, None, 2_000),
        ({"property": 50_000, "local_resource": 1_990}, None, 2_000),
        ({"resident": 1_990}, None, 2_000),
        ({"automobile": 200_000}, 1_990, 2_000),
        ({"automobile": 200_000}, 2_000, None),
        ({"automobile": 200_000}, 0, None),
    ],
)
def test_below_two_thousand_won_nothing_is_collected(
    amounts: dict[str, int], unpaid: int | None, smallest: int | None
) -> None:
    assert too_little(amounts=amounts, tables=tables(), on=date(2026, 6, 1), unpaid=unpaid) == smallest


@pytest.mark.parametrize(("off", "refused"), [(198_010, True), (198_000, False)])
def test_a_bill_is_not_reduced_to_so_little(bill: Bill, officers: Officers, off: int, refused: bool) -> None:
    car, education = bill.lines.order_by("position").values_list("id", flat=True)

    def reduce() -> None:
        services.reduce_bill(
            bill_id=bill.pk, lines={car: off, education: 59_000}, **act(officers.uploader, "2026-06-15")
        )

    if refused:
        with pytest.raises(services.TooLittleLeft, match="2,000"):
            reduce()
    else:
        reduce()
    assert total(bill.pk, "2026-06-30") == (260_000 if refused else 3_000)
    assert books_agree()


@pytest.mark.parametrize(("paid", "refused"), [(258_010, True), (258_000, False)])
def test_no_bill_is_issued_for_so_little_that_is_left(bill: Bill, officers: Officers, paid: int, refused: bool) -> None:
    pay_and_post(bill.pk, paid, "2026-06-20")
    if refused:
        with pytest.raises(services.TooLittleLeft):
            reissued(bill, officers, "2026-06-25")
    else:
        assert total(reissued(bill, officers, "2026-06-25").pk, "2026-06-30") == 2_000
