"""What the pages say to whoever decides, and of a bill that is deferred or no longer in force."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.access import Role
from billing import services
from billing.models import Bill, BillChange
from billing.rules.plans import Share
from core import clock
from tests.accounts.test_what_the_office_cannot_do import TODAY
from tests.support.database import AsRole
from tests.support.faces import FaceClient

from .conftest import Officers, csv_of
from .life import act
from .people import citizen_client, officer_client
from .test_beside_a_bill import ORDER
from .test_office_pages import page
from .test_pages_of_changes import LARGE

NOW = clock.now()


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    """A bill of 900,000 and 270,000 won."""
    issued(csv_of(LARGE))
    return Bill.objects.get()


@pytest.fixture
def approver(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "decides@example.kr", Role.APPROVER)


def test_who_decides_reads_whose_bill_it_is_and_what_exactly_is_asked_for(
    bill: Bill, approver: FaceClient, officers: Officers
) -> None:
    who: dict[str, Any] = {"reason": "x", "asked_by_id": officers.uploader, "at": NOW}
    parts = [Share(due_on=TODAY + timedelta(days=30 * n), amount=585_000) for n in (1, 2)]
    services.defer_bill(bill_id=bill.pk, from_on=TODAY, until_on=TODAY + timedelta(days=90), **who)
    services.plan_instalments(bill_id=bill.pk, plan="free", parts=parts, **who)
    services.cancel_bill(bill_id=bill.pk, cancelled_by_id=officers.uploader, reason="x", at=NOW)
    asked = dict(BillChange.objects.filter(status="proposed").values_list("kind", "pk"))
    assert set(asked) == {"defer", "instalments", "cancel"}
    said = {
        "defer": (f"From {_day(TODAY)} until {_day(TODAY + timedelta(days=90))}", "김가나"),
        "instalments": ("Part 1: 585,000 won until", "Part 2: 585,000 won until"),
        "cancel": ("Cancellation", "김가나"),
    }
    for kind, sentences in said.items():
        shown = page(approver, f"/bills/{bill.pk}/changes/{asked[kind]}/")
        assert all(sentence in shown for sentence in sentences), kind
    assert f"{bill.object_ref}</a>" in page(approver, "/changes/")


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def test_a_reduction_is_told_by_tax(bill: Bill, approver: FaceClient, officers: Officers) -> None:
    car, education = bill.lines.order_by("position").values_list("id", flat=True)
    off = {car: 890_000, education: 263_000}
    services.reduce_bill(bill_id=bill.pk, lines=off, **act(officers.uploader, "2026-06-15"))
    change = BillChange.objects.get()
    shown = page(approver, f"/bills/{bill.pk}/changes/{change.pk}/")
    assert "Automobile tax: 890,000 won less" in shown
    assert "Local education tax: 263,000 won less" in shown


def test_a_bill_deferred_in_time_is_not_called_overdue(
    issued: Callable[[str], int], officers: Officers, as_role: AsRole
) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    last = TODAY + timedelta(days=60)
    Bill.objects.update(nominal_due_on=TODAY - timedelta(days=9), due_on=TODAY - timedelta(days=9))
    services.defer_bill(
        bill_id=bill.pk, from_on=TODAY - timedelta(days=10), until_on=last, **act(officers.uploader, "2026-06-15")
    )
    citizen = citizen_client(as_role, bill.taxpayer)
    for address in (f"/bills/{bill.pk}/", "/bills/"):
        shown = page(citizen, address)
        assert "Collection deferred" in shown
        assert "Overdue" not in shown
        assert last.isoformat() in shown


def test_a_bill_that_was_written_off_says_so_and_asks_for_nothing(
    issued: Callable[[str], int], officers: Officers, as_role: AsRole
) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    services.write_off_bill(bill_id=bill.pk, **act(officers.uploader, "2026-06-15"))
    shown = page(citizen_client(as_role, bill.taxpayer), f"/bills/{bill.pk}/", "ko")
    assert "결손" in shown
    assert re.findall(r'남은 금액"\s+class="numeric"><span class="et-money">([\d,]+)원', shown) == ["0", "0"]


def test_an_act_names_taxes_and_districts(approver: FaceClient, officers: Officers) -> None:
    act_id = services.propose_extension(
        **(ORDER | {"taxes": ["automobile"], "bodies": ["11110"]}), asked_by_id=officers.uploader, at=NOW
    )
    shown = page(approver, f"/extensions/{act_id}/")
    assert "Automobile tax" in shown
    assert "Jongno-gu" in shown
