"""A car is sold or scrapped after its bill went out: the bill asks for the days until then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from accounts.access import Role
from billing import selectors, services
from billing.models import Bill, BillChange
from billing.services.recompute_bills import Count, recompute_bills
from core.models import Event as Published
from tests.support.database import AsRole

from .conftest import Officers, csv_of
from .life import act, balance, books_agree, pay_and_post, total
from .people import officer_client

Issue = Callable[..., int]


@pytest.fixture
def bill(issued: Issue) -> Bill:
    """200,000 and 60,000 won for the first half of 2026: a yearly tax of 400,000, the car in its second year."""
    issued(csv_of({}))
    return Bill.objects.get()


def left(bill: Bill, officers: Officers, occasion: str, on: date, **more: object) -> services.Asked:
    facts = {"occasion": occasion, "on": on, "lines": {}, **more}
    return services.vehicle_left(bill_id=bill.pk, **facts, **act(officers.uploader, "2026-06-25"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("occasion", "days"),
    # The new owner is taxed from the day of the transfer on (article 129); the day of scrapping still counts (130).
    [("transfer", 171), ("scrapping", 172)],
)
def test_what_was_paid_beyond_the_days_goes_back(bill: Bill, officers: Officers, occasion: str, days: int) -> None:
    pay_and_post(bill.pk, 260_000, "2026-06-18")
    left(bill, officers, occasion, date(2026, 6, 21))
    car = 400_000 * days // 365 // 10 * 10
    education = car * 30 // 100 // 10 * 10
    assert balance("refund_payable") == -(260_000 - car - education)
    assert total(bill.pk, "2026-06-30") == 0
    told = Published.objects.get(topic="billing.vehicle_left.v1").payload
    assert (told["on"], told["change_id"]) == ("2026-06-21", BillChange.objects.get().pk)
    assert books_agree()
    assert list(recompute_bills(count=Count())) == []


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 26), date(2026, 7, 1)])
def test_a_day_outside_the_half_or_ahead_is_refused(bill: Bill, officers: Officers, on: date) -> None:
    with pytest.raises(services.NotLeftThen):
        left(bill, officers, "transfer", on)


def test_a_year_with_the_discount_for_paying_early_is_reduced_by_sums_that_an_officer_enters(
    issued: Issue, officers: Officers
) -> None:
    issued(csv_of({"displacement_cc": "998"}))  # 79,840 won a year: billed whole in June, with its discount
    bill = Bill.objects.get()
    with pytest.raises(services.EnterTheSums):
        left(bill, officers, "scrapping", date(2026, 6, 20))
    line = bill.lines.order_by("position")[0]
    left(bill, officers, "scrapping", date(2026, 6, 20), lines={line.pk: 30_000})
    assert Published.objects.filter(topic="billing.vehicle_left.v1").count() == 1
    assert books_agree()


def test_an_assessor_enters_it_on_the_bills_page(bill: Bill, as_role: AsRole) -> None:
    clerk = officer_client(as_role, "cars@example.kr", Role.ASSESSOR)
    address = f"/bills/{bill.pk}/change/vehicle-left/"
    assert address in clerk.get(f"/bills/{bill.pk}/").content.decode()
    said = {"occasion": "transfer", "on": "2026-06-21", "reason": "sold"}
    for wrong in ({"occasion": ""}, {"on": "2026-02-30"}, {"on": "2026-07-21"}, {"reason": ""}):
        assert clerk.post(address, {**said, **wrong}).status_code == 422
    assert clerk.post(address, said).status_code == 302
    changes = selectors.life_of(bill_id=bill.pk, on=date(2026, 6, 30), staff=True).changes
    assert [change.kind for change in changes] == ["reduce"]
