"""What a bill owes on any day: the credit for paying in time, the order of a part payment, the page and the data."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.access import Role
from billing import handlers, selectors, services
from billing.checks import receivables_agree
from billing.models import Bill, BillAdjustment, BillCredit, DatedTable
from billing.rules import standing
from billing.rules.credit import notice_credit
from core import clock
from core.outbox import Event
from tests.support.database import AsRole

from .conftest import AT, csv_of
from .people import citizen_client, officer_client
from .seoul import tables
from .test_payments_on_bills import day, owed, pay

OTHER = {"roll_ref": "CAR-2", "vehicle_number": "123가4568"}


@pytest.fixture
def entitled(issued: Callable[[str], int]) -> Callable[..., Bill]:
    """A bill of 200,000 and 60,000 won of somebody who was entitled when it was issued."""

    def run(*kinds: str, began_on: date = date(2026, 5, 31), ended_on: date | None = None) -> Bill:
        issued(csv_of({}))
        first = Bill.objects.get()
        for kind in kinds:
            services.record_entitlement(taxpayer_id=first.taxpayer_id, kind=kind, began_on=began_on, ended_on=ended_on)
        issued(csv_of(OTHER))
        return Bill.objects.exclude(pk=first.pk).get()

    return run


def test_a_property_tax_of_150_000_with_electronic_notice_pays_179_200() -> None:
    credit = notice_credit(kinds=["e_notice"], main=150_000, tables=tables(), on=date(2026, 7, 10))
    assert 150_000 + 30_000 - credit == 179_200
    assert notice_credit(kinds=["e_notice", "autopay"], main=150_000, tables=tables(), on=date(2026, 7, 10)) == 1_600
    assert notice_credit(kinds=[], main=150_000, tables=tables(), on=date(2026, 7, 10)) == 0


@pytest.mark.parametrize(
    ("kinds", "less"), [((), 0), (("e_notice",), 800), (("autopay",), 800), (("autopay", "e_notice"), 1_600)]
)
def test_who_takes_notices_electronically_or_pays_automatically_owes_less(
    entitled: Callable[..., Bill], kinds: tuple[str, ...], less: int
) -> None:
    bill = entitled(*kinds)
    assert owed(bill.pk, "2026-06-30") == (260_000 - less, 0)
    lines = selectors.owed(bill_ids=[bill.pk], at=day("2026-06-30"))[bill.pk].lines
    assert [line.amount for line in lines] == [200_000 - less, 60_000]


def test_an_entitlement_of_the_month_of_the_bill_comes_too_late(entitled: Callable[..., Bill]) -> None:
    assert owed(entitled("e_notice", began_on=date(2026, 6, 1)).pk, "2026-06-30") == (260_000, 0)


def test_an_entitlement_that_has_ended_gives_nothing(entitled: Callable[..., Bill]) -> None:
    assert owed(entitled("e_notice", ended_on=date(2026, 6, 9)).pk, "2026-06-30") == (260_000, 0)


def test_the_credit_is_made_good_by_paying_in_time_and_leaves_the_books(entitled: Callable[..., Bill]) -> None:
    bill = entitled("e_notice")
    applied = pay(bill.pk, 259_200, "2026-06-30")
    assert (applied.applied, applied.excess, applied.remaining) == (259_200, 0, 0)
    assert owed(bill.pk, "2027-01-01") == (0, 0)
    assert BillAdjustment.objects.get(bill=bill, credit=True).amount == 800
    steps = selectors.bill_on_day(bill_id=bill.pk, on=date(2027, 1, 1)).credit_steps
    assert [step.code for step in steps] == ["credit_granted"]


def test_the_credit_is_lost_by_paying_late(entitled: Callable[..., Bill]) -> None:
    bill = entitled("e_notice")
    pay(bill.pk, 259_000, "2026-06-30")
    assert owed(bill.pk, "2026-06-30") == (200, 0)
    assert owed(bill.pk, "2026-07-01") == (1_000, 20)
    assert pay(bill.pk, 1_020, "2026-07-01", "PAY-2").remaining == 0
    assert not BillAdjustment.objects.filter(bill=bill).exists()
    steps = selectors.bill_on_day(bill_id=bill.pk, on=date(2026, 7, 1)).credit_steps
    assert [(step.code, step.amount) for step in steps] == [("credit_lost", None)]


def test_billing_hears_of_an_entitlement_twice_and_of_its_end(entitled: Callable[..., Bill]) -> None:
    bill = entitled()
    payload = {"taxpayer_id": bill.taxpayer_id, "kind": "autopay", "began_on": "2026-01-05"}
    for told in (payload, payload, payload | {"ended_on": "2026-02-01"}):
        handlers.note_entitlement(Event(1, "notices.entitlement_changed.v1", told, clock.now()))
    entitlement = bill.taxpayer.entitlement_set.get()
    assert (entitlement.kind, entitlement.ended_on) == ("autopay", date(2026, 2, 1))


def test_a_district_tax_waits_for_the_citys_where_the_pack_says_so(entitled: Callable[..., Bill]) -> None:
    """Were automobile tax the district's, the education tax, the city's, would be filled first."""
    bill = entitled()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_taxtype SET levied_by = 'district' WHERE code = 'automobile'")
    try:
        filled = pay(bill.pk, 70_000, "2026-06-20").credits
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE billing_taxtype SET levied_by = 'city' WHERE code = 'automobile'")
    assert [(credit.tax, credit.amount) for credit in filled] == [("automobile", 10_000), ("local_education", 60_000)]


def test_a_city_that_fills_the_surcharge_first_writes_it_in_its_pack(entitled: Callable[..., Bill]) -> None:
    bill = entitled()
    table = DatedTable.objects.get(name="appropriation")
    DatedTable.objects.filter(pk=table.pk).update(body=table.body | {"stages": ["costs", "surcharge", "tax"]})
    try:
        filled = pay(bill.pk, 8_000, "2026-07-01").credits
    finally:
        DatedTable.objects.filter(pk=table.pk).update(body=table.body)
    assert [(credit.purpose, credit.amount) for credit in filled] == [
        ("receivable", 200),
        ("revenue", 6_000),
        ("revenue", 1_800),
    ]


def test_the_page_says_what_is_owed_on_a_day_that_one_chooses(entitled: Callable[..., Bill], as_role: AsRole) -> None:
    bill = entitled("e_notice")
    client = citizen_client(as_role, bill.taxpayer)
    page = client.get(f"/bills/{bill.pk}/?on=2026-06-30", headers={"Accept-Language": "en"}).content.decode()
    assert "If the rest is paid on" in page
    assert ">259,200 won</span></strong>" in page
    assert "Less 800 won for electronic notice, if paid in full until" in page
    late = client.get(f"/bills/{bill.pk}/?on=2026.08.01", headers={"Accept-Language": "ko"}).content.decode()
    assert "267,800원" in late
    wrong = client.get(f"/bills/{bill.pk}/?on=soon", headers={"Accept-Language": "en"}).content.decode()
    assert "Enter a valid date" in wrong
    assert 'value="soon"' in wrong


def test_the_calculation_is_there_as_data_for_whom_the_page_is(entitled: Callable[..., Bill], as_role: AsRole) -> None:
    bill = entitled("e_notice")
    citizen = citizen_client(as_role, bill.taxpayer)
    told = citizen.get(f"/bills/{bill.pk}/explain.json?on=2026-07-01", headers={"Accept-Language": "en"}).json()
    assert told["schema"] == "etax.bill.explain/1"
    assert told["levied"]["amount"] == 260_000
    assert [step["code"] for step in told["levied"]["steps"]] == ["yearly_by_displacement", "cut_to_ten", "education"]
    assert all(step["article"] and step["text"] for step in told["levied"]["steps"])
    assert (told["owed"]["total"], told["owed"]["surcharge"]) == (267_800, 7_800)
    assert told["owed"]["lines"][0]["surcharge_steps"][0]["code"] == "late_once"
    assert citizen.get(f"/bills/{bill.pk}/explain.json?on=soon").status_code == 422
    assert citizen.get("/bills/999999/explain.json").status_code == 404
    local = officer_client(as_role, "junggu@example.kr", Role.ASSESSOR, body="11140")
    assert local.get(f"/bills/{bill.pk}/explain.json").status_code == 404


def test_examples_in_the_rules_of_standing_hold() -> None:
    assert doctest.testmod(standing).failed == 0


def test_books_and_bills_agree_when_credits_were_given_and_lost(entitled: Callable[..., Bill]) -> None:
    bill = entitled("e_notice")
    assert BillCredit.objects.count() == 1
    pay(bill.pk, 259_200, AT.date().isoformat())
    # The payment's own entry is the caller's; without it the receivable stands by what was paid.
    assert sum(difference.ledger - difference.elsewhere for difference in receivables_agree()) == 259_200
