"""A payer amends what he filed (수정신고): more is billed with a smaller penalty, less is claimed back (경정청구)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.access import Role
from billing.models import Bill
from billing.services import Count, recompute_bills
from filing.models import Return
from filing.states import Status
from refunds.models import Claim, Refund
from refunds.states import Cause, ClaimStatus
from tests.billing.people import officer_client
from tests.filing.cast import ENGLISH, Payer, a_payer, bill_of, lines
from tests.refunds.cast import Office, days_ago, pays
from tests.support.database import AsRole, admin_connection

HOUSE: Final[dict[str, Any]] = {"object": "1 Example Street", "price": "500,000,000", "homes": "1", "small": "on"}
MORE: Final = {"acquisition": 1_000_000, "local_education": 100_000}


@pytest.fixture
def payer(as_role: AsRole) -> Payer:
    return a_payer(as_role)


def amended(acquired: str, **changes: Any) -> dict[str, Any]:
    return HOUSE | {"acquired_on": acquired} | changes


def test_within_the_term_the_difference_is_billed_without_a_penalty(
    payer: Payer, deliver_events: Callable[[], int]
) -> None:
    acquired = days_ago(10).isoformat()
    first = payer.files("acquisition_house", **HOUSE, acquired_on=acquired)
    deliver_events()
    second = payer.files_amended(first, **amended(acquired, price="600000000"))
    deliver_events()
    second.refresh_from_db()
    assert second.amends_id == first.pk
    assert second.bill is not None
    assert lines(second.bill) == MORE
    assert second.bill.due_on == Bill.objects.get(pk=bill_of(first).id).due_on
    text = payer.client.get(f"/bills/{second.bill_id}/", headers=ENGLISH).content.decode()
    assert "6,000,000 won instead of the 5,000,000 won filed before" in text

    # Only the newest is amended further; the same thing isn't filed again.
    stale = payer.client.post(f"/returns/{first.pk}/amend/", amended(acquired, price="9") | {"step": "preview"})
    assert stale.status_code == 422
    third = payer.files_amended(second, **amended(acquired, price="700000000"))
    deliver_events()
    assert sum(sum(lines(bill).values()) for bill in Bill.objects.all()) == 11_690_000 + 1_169_000
    assert payer.client.get(f"/returns/{third.pk}/").status_code == 200
    assert list(recompute_bills(count=Count())) == []
    call_command("ledger_check")


@pytest.mark.parametrize(("late", "off"), [(20, 90), (80, 75), (170, 50), (360, 30)])
def test_after_the_term_the_penalty_is_smaller_the_sooner(
    payer: Payer, deliver_events: Callable[[], int], late: int, off: int
) -> None:
    acquired = days_ago(60 + late)
    first = payer.files("acquisition_house", **HOUSE, acquired_on=acquired.isoformat())
    deliver_events()
    # As if it had been filed in time.
    _refiled(first, on=acquired + timedelta(days=30))
    second = payer.files_amended(first, **amended(acquired.isoformat(), price="600000000"))
    deliver_events()
    second.refresh_from_db()
    assert second.bill is not None
    penalty = 100_000 * (100 - off) // 100  # a tenth of what was short
    assert lines(second.bill) == MORE | {"acquisition": 1_000_000 + penalty}
    bill_detail = payer.client.get(f"/bills/{second.bill_id}/explain.json").json()
    assert bill_detail["owed"]["total"] > second.bill.amount  # and late by the day, since the term
    assert list(recompute_bills(count=Count(), bill_ids=[second.bill.pk])) == []


def test_who_filed_late_has_no_relief_on_what_was_short(payer: Payer, deliver_events: Callable[[], int]) -> None:
    acquired = days_ago(80).isoformat()
    first = payer.files("acquisition_house", **HOUSE, acquired_on=acquired)
    deliver_events()
    second = payer.files_amended(first, **amended(acquired, price="600000000"))
    deliver_events()
    second.refresh_from_db()
    assert second.bill is not None
    assert lines(second.bill)["acquisition"] == 1_000_000 + 200_000


def test_less_leads_to_a_claim_within_five_years_and_the_money_comes_back_with_interest(
    payer: Payer, office: Office, as_role: AsRole
) -> None:
    declared = {"object": "A shop", "year": "2026", "owner": "company", "capital": "40000000000", "area_m2": "500"}
    filed = payer.files("resident_office", **declared)
    office.deliver()
    bill = bill_of(filed)
    resident = lines(Bill.objects.get())["resident"]  # filed after August it bears a penalty
    pays(bill, bill.amount, on=days_ago(30))

    form = declared | {"area_m2": "400", "step": "preview"}
    answer = payer.client.post(f"/returns/{filed.pk}/amend/", form, headers=ENGLISH)
    assert answer.status_code == 422
    assert f"/refunds/claim/{bill.id}/" in answer.content.decode()
    page = f"/refunds/claim/{bill.id}/"
    assert 'value="return"' in payer.client.get(page).content.decode()  # by right, also for a tax of both kinds
    first, second = Bill.objects.get().lines.order_by("position").values_list("pk", flat=True)
    claimed = {
        "ground": "return",
        "text": "The area was smaller.",
        f"line_{first}": resident - 65_000,
        f"line_{second}": 50_000,
    }
    assert payer.client.post(page, claimed).status_code == 302
    claim = Claim.objects.get()
    assert claim.answer_by is not None
    assessor = officer_client(as_role, "assessor@example.kr", Role.ASSESSOR, body="11110")
    decided = {
        "granted": "yes",
        "answer": "You are right.",
        f"line_{first}": resident - 65_000,
        f"line_{second}": 50_000,
    }
    assert assessor.post(f"/refunds/claims/{claim.pk}/", decided).status_code == 302
    office.deliver()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.GRANTED
    refund = Refund.objects.get()
    assert (refund.amount, refund.cause) == (65_000, Cause.AMENDED)
    assert refund.interest > 0
    paid = office.pays_back(refund)
    assert paid.status in ("paying", "paid")

    # The bill is no longer what was filed, so it can't be amended by a page any more.
    filed.refresh_from_db()
    assert filed.status == Status.BILLED
    again = payer.client.post(f"/returns/{filed.pk}/amend/", declared | {"area_m2": "900", "step": "preview"})
    assert again.status_code == 422
    call_command("ledger_check")


def test_five_years_after_the_term_are_over_the_ground_is_gone(payer: Payer, deliver_events: Callable[[], int]) -> None:
    filed = payer.files("resident_office", object="A shop", year="2026", owner="person", area_m2="10")
    deliver_events()
    bill = bill_of(filed)
    for days, offered in ((365 * 5 - 5, True), (365 * 5 + 5, False)):
        Bill.objects.filter(pk=bill.id).update(nominal_due_on=days_ago(days), liability_on=days_ago(days + 60))
        page = payer.client.get(f"/refunds/claim/{bill.id}/").content.decode()
        assert ('value="return"' in page) is offered


def _refiled(first: Return, *, on: date) -> None:
    """The first return as it would be if it had been filed on another day: what is filed never changes otherwise."""
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE filing_return SET filed_on = %s WHERE id = %s", [on, first.pk])
    first.refresh_from_db()
