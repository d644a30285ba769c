"""A car's tax is paid ahead (연납): applied for on a page, billed less a discount, off the roll, lapsed, given back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Taxpayer
from billing import services as billing
from billing.models import Bill, LevyRoll
from billing.rules.automobile_roll import vehicle_of
from billing.rules.prepaid_bill import assess_facts, facts_of
from billing.rules.prepayment import prepay
from billing.selectors import bill_on_day
from billing.services import Count, Demand, issue_alone, recompute_bills
from core import clock
from filing import services
from filing.models import Return
from filing.states import Status
from refunds.models import Refund
from refunds.states import Cause
from tests.billing.conftest import csv_of
from tests.billing.people import citizen_client
from tests.billing.seoul import tables
from tests.filing.cast import ENGLISH, Payer, bill_of, lines
from tests.refunds.cast import Office, pays
from tests.support.database import AsRole, admin_connection

Imported = Callable[..., int]
CAR = {
    "rules": "automobile",
    "vehicle_number": "123가4567",
    "kind": "passenger",
    "use": "private",
    "displacement_cc": 2000,
    "first_registered": "2025-01-10",
}
JANUARY = datetime(2026, 1, 20, 3, tzinfo=UTC)


@pytest.fixture
def holder(imported: Imported, office: Office, as_role: AsRole) -> Payer:
    """Whoever had the bill for the second half of 2025; a roll that was given up made the record."""
    first = imported(csv_of({"roll_ref": "NEW-1", "vehicle_number": "99허9999"}))
    billing.withdraw_roll(roll_id=first, withdrawn_by_id=office.clerk.id, reason="only for its payer")
    taxpayer = Taxpayer.objects.get(name="김가나")
    _billed_before(taxpayer.pk, reference="CAR-OLD", vehicle="123가4567")
    return Payer(citizen_client(as_role, taxpayer), taxpayer)


def _billed_before(taxpayer_id: int, *, reference: str, vehicle: str) -> None:
    """A bill for the second half of 2025."""
    demand = Demand(
        reference=reference,
        taxpayer_id=taxpayer_id,
        body="11110",
        tax="automobile",
        tax_year=2025,
        term=2,
        object_ref=vehicle,
        facts=CAR | {"vehicle_number": vehicle, "year": 2025, "half": 2},
        liability_on=date(2025, 12, 1),
        nominal_due_on=date(2025, 12, 31),
        due_on=date(2025, 12, 31),
    )
    issue_alone(demand=demand, at=datetime(2025, 12, 10, tzinfo=UTC))


@pytest.fixture
def applied(holder: Payer, office: Office, monkeypatch: pytest.MonkeyPatch) -> Return:
    """On 20 January 2026, on the page."""
    monkeypatch.setattr("filing.views.prepay.clock", SimpleNamespace(now=lambda: JANUARY))
    page = holder.client.get("/returns/ahead/", headers=ENGLISH).content.decode()
    assert "the whole of 2026" in page
    offer = _form(page)
    assert holder.client.post("/returns/ahead/", offer | {"shown": "1"}).status_code == 422
    assert holder.client.post("/returns/ahead/", offer | {"number": "99허9999"}).status_code == 422
    first = holder.client.post("/returns/ahead/", offer)
    again = holder.client.post("/returns/ahead/", offer)
    assert (first.status_code, first["location"]) == (302, again["location"])
    assert "There is nothing to apply for now" in holder.client.get("/returns/ahead/", headers=ENGLISH).content.decode()
    filed = _in_january(office)
    assert filed.status == Status.BILLED, filed.why
    return filed


def test_it_costs_less_is_paid_and_explained_and_no_roll_bills_it_again(
    applied: Return, holder: Payer, imported: Imported
) -> None:
    bill = Bill.objects.get(pk=bill_of(applied).id)
    said = prepay(vehicle=vehicle_of(CAR), year=2026, month=1, tables=tables())
    assert lines(bill) == {"automobile": said.car, "local_education": said.education}
    assert said.discount == 400_000 * 334 * 5 // 36500 // 10 * 10
    assert (bill.nominal_due_on, bill.due_on) == (date(2026, 1, 31), date(2026, 2, 2))  # the 31st is a Saturday
    assert bill_on_day(bill_id=bill.pk, on=date(2026, 3, 1)).owed.surcharge == 0
    pays(bill_of(applied), bill.amount, on=date(2026, 1, 25))
    text = holder.client.get(f"/bills/{bill.pk}/", headers=ENGLISH).content.decode()
    assert "2026, paid ahead" in text
    assert "Discount for early payment" in text
    assert holder.client.get(f"/returns/{applied.pk}/", headers=ENGLISH).status_code == 200
    assert services.lapse_prepaid(at=clock.now()) == 0  # it was paid

    for half in ("1", "2"):
        roll = imported(csv_of({"half": half, "roll_ref": f"CAR-{half}"}), term=int(half))
        assert [problem.code for problem in LevyRoll.objects.get(pk=roll).problems.all()] == ["prepaid"]
    other = imported(
        csv_of({"taxpayer_name": "이다라", "resident_number": "900101-1234568", "held_from": "2026-05-01"})
    )
    assert LevyRoll.objects.get(pk=other).status in ("staged", "refused")
    assert list(recompute_bills(count=Count())) == []
    call_command("ledger_check")


def test_unpaid_it_lapses_and_the_roll_bills_the_car(applied: Return, imported: Imported, holder: Payer) -> None:
    bill = bill_of(applied)
    assert services.lapse_prepaid(at=datetime(2026, 2, 2, 12, tzinfo=UTC)) == 0  # still time, that day
    assert services.lapse_prepaid(at=clock.now()) == 1
    assert services.lapse_prepaid(at=clock.now()) == 0
    applied.refresh_from_db()
    assert applied.status == Status.LAPSED
    assert Bill.objects.get(pk=bill.id).status == "cancelled"
    assert "Lapsed" in holder.client.get(f"/returns/{applied.pk}/", headers=ENGLISH).content.decode()
    roll = imported(csv_of({}))
    assert LevyRoll.objects.get(pk=roll).status == "staged"
    call_command("ledger_check")


def test_those_who_paid_keep_nobody_elses_year_from_lapsing(
    applied: Return, holder: Payer, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filing.services.prepay.AT_ONCE", 1)
    pays(bill_of(applied), bill_of(applied).amount, on=date(2026, 1, 25))
    _billed_before(holder.taxpayer.pk, reference="CAR-OLD-2", vehicle="124가4567")
    offer = _form(holder.client.get("/returns/ahead/", headers=ENGLISH).content.decode())
    assert holder.client.post("/returns/ahead/", offer).status_code == 302
    _in_january(office)
    second = Return.objects.exclude(pk=applied.pk).get()
    assert services.lapse_prepaid(at=clock.now()) == 1
    second.refresh_from_db()
    applied.refresh_from_db()
    assert (second.status, applied.status) == (Status.LAPSED, Status.BILLED)


def test_what_was_paid_in_part_does_not_lapse_by_itself(applied: Return) -> None:
    pays(bill_of(applied), 10_000, on=date(2026, 1, 25))
    assert services.lapse_prepaid(at=clock.now()) == 0


def test_of_a_car_that_was_scrapped_the_rest_comes_back_by_the_day(applied: Return, office: Office) -> None:
    bill = bill_of(applied)
    pays(bill, bill.amount, on=date(2026, 1, 25))
    billing.vehicle_left(
        bill_id=bill.id,
        occasion="scrapping",
        on=date(2026, 9, 30),
        lines={},
        reason="deregistered",
        asked_by_id=office.clerk.id,
        at=clock.now(),
    )
    office.deliver()
    car = lines(Bill.objects.get(pk=bill.id))["automobile"]
    # The first half, and of the second 92 days of the year's; each day keeps its part of the discount.
    stays = int(car * (Fraction(1, 2) + Fraction(92, 365))) // 10 * 10
    refund = Refund.objects.get()
    assert refund.amount == bill.amount - stays - stays * 30 // 100 // 10 * 10
    assert (refund.cause, refund.event_on) == (Cause.YEAR_PAID_AHEAD, date(2026, 9, 30))
    assert office.pays_back(refund).status in ("paying", "paid")
    call_command("ledger_check")


@pytest.mark.parametrize(("month", "halves"), [(1, [1, 2]), (3, [1, 2]), (6, [2]), (9, [2])])
def test_each_month_is_for_its_halves(month: int, halves: list[int]) -> None:
    facts = facts_of(CAR, year=2026, month=month, tables=tables())
    assert facts["halves"] == halves
    said = prepay(vehicle=vehicle_of(CAR), year=2026, month=month, tables=tables())
    whole = 400_000 if len(halves) == 2 else 200_000
    assert assess_facts(facts, tables=tables()).amount_of("automobile") == whole - said.discount


def test_a_car_that_stands_in_a_roll_on_its_way_is_not_paid_ahead(
    holder: Payer, imported: Imported, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filing.views.prepay.clock", SimpleNamespace(now=lambda: JANUARY))
    imported(csv_of({}))  # nothing of it is billed yet
    offer = _form(holder.client.get("/returns/ahead/").content.decode())
    assert holder.client.post("/returns/ahead/", offer).status_code == 302
    filed = _in_january(office)
    assert (filed.status, Bill.objects.count()) == (Status.REFUSED, 1)


def test_nobody_applies_for_another_ones_car(
    applied: Return, as_role: AsRole, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    stranger = citizen_client(as_role, Taxpayer.objects.create(kind="individual", name="전우치"))
    assert "123가4567" not in stranger.get("/returns/ahead/").content.decode()


def _in_january(office: Office) -> Return:
    """The worker bills it, as if the database's own clock were January's."""
    filed = Return.objects.latest("pk")
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE filing_return SET filed_on = '2026-01-20' WHERE id = %s", [filed.pk])
    office.deliver()
    filed.refresh_from_db()
    return filed


def _form(page: str) -> dict[str, Any]:
    main = page[page.index("<main") :]
    found = re.findall(r'<input type="hidden"\s+name="([a-z_]+)"\s+value="([^"]*)">', main)
    return {name: value for name, value in found if name in ("taxpayer_id", "number", "shown", "key")}
