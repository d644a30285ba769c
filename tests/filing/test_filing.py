"""A payer files a return on a page; it is billed, paid, explained and computed again to the won."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Taxpayer, TaxpayerBody
from billing.models import Bill, BillChange
from billing.rules.late_payment import PartPaid, late_filing
from billing.rules.returns.registry import return_kind
from billing.selectors import bill_on_day
from billing.services import Count, recompute_bills
from core.db.session import session_secret
from filing.models import Return
from filing.services import draft
from filing.states import Status
from tests.billing.people import officer_client
from tests.billing.seoul import tables
from tests.filing.cast import ENGLISH, Payer, a_payer, bill_of, lines, sees
from tests.payments.racing import at_once
from tests.refunds.cast import days_ago, pays
from tests.support.database import AsRole

Deliver = Callable[[], int]
HOUSE: Final[dict[str, Any]] = {"object": "1 Example Street", "price": "700,000,000", "homes": "1", "small": "on"}
TODAY: Final = days_ago(0)
LAST_MONTH: Final = TODAY.replace(day=1) - timedelta(days=1)
PLACE: Final = {"object": "A shop", "year": str(LAST_MONTH.year), "month": str(LAST_MONTH.month)}
OFFICE: Final = {"object": "A shop", "year": str(days_ago(183).year)}
# Each kind of return with what it comes to, penalties apart.
EVERY: Final[list[tuple[str, dict[str, Any], dict[str, int]]]] = [
    ("acquisition_house", HOUSE | {"homes": "2", "regulated": "on"}, {"acquisition": 56_000_000}),
    ("acquisition", {"object": "A car", "kind": "passenger_car", "price": "30000000"}, {"acquisition": 2_100_000}),
    (
        "resident_office",
        {**OFFICE, "owner": "company", "capital": "40000000000", "area_m2": "500.5"},
        {"resident": 325_000, "local_education": 50_000},
    ),
    ("resident_employees", {**PLACE, "payroll": "200000000", "monthly_average": "190000000"}, {}),
    ("local_income_personal", {"year": "2025", "base": "50,000,000"}, {"local_income": 624_000}),
    ("local_income_corporate", {"begins": "2025-07-01", "ends": "2026-06-30", "base": "100000000"}, {}),
    ("registration", {"object": "A flat", "kind": "mortgage", "base": "100000000"}, {"registration_licence": 200_000}),
    ("leisure", {**PLACE, "tickets_sold": "1000000"}, {"leisure": 100_000, "rural_special": 20_000}),
]
NOW: Final = {"object": "A shop", "year": str(TODAY.year), "month": str(TODAY.month)}
DAYS: Final = {"acquisition_house": "acquired_on", "acquisition": "acquired_on", "registration": "entered_on"}


@pytest.fixture
def payer(as_role: AsRole) -> Payer:
    return a_payer(as_role)


def test_a_house_is_filed_billed_paid_and_explained(payer: Payer, deliver_events: Deliver) -> None:
    form = payer.sees("acquisition_house", **HOUSE, acquired_on=days_ago(10).isoformat())
    assert form["shown"] == str(11_690_000 + 1_169_000)
    page = "/returns/new/acquisition_house/"
    first = payer.client.post(page, form | {"step": "file"})
    again = payer.client.post(page, form | {"step": "file"})  # the same form, sent twice
    assert first.status_code == again.status_code == 302
    assert first["location"] == again["location"]
    filed = Return.objects.get()
    assert "being made" in payer.client.get(first["location"], headers=ENGLISH).content.decode()
    deliver_events()
    deliver_events()

    bill = Bill.objects.get()
    assert lines(bill) == {"acquisition": 11_690_000, "local_education": 1_169_000}
    assert bill.nominal_due_on == days_ago(10) + timedelta(days=60)
    assert bill.due_on >= bill.nominal_due_on
    shown = payer.client.get(first["location"], headers=ENGLISH).content.decode()
    assert filed.number in shown
    assert f"/bills/{bill.pk}/" in shown
    assert "Pay this bill" in shown
    told = payer.client.get(f"/bills/{bill.pk}/explain.json", headers=ENGLISH).json()
    assert told["levied"]["amount"] == 12_859_000
    assert "rate of 1.67%" in told["levied"]["steps"][0]["text"]
    assert payer.client.get(f"/returns/of-bill/{bill.pk}/")["location"] == first["location"]
    assert list(recompute_bills(count=Count())) == []
    pays(bill_of(filed), 12_859_000)
    assert "Fully paid" in payer.client.get(f"/bills/{bill.pk}/", headers=ENGLISH).content.decode()
    call_command("ledger_check")


def test_every_kind_is_filed_and_computed_again(payer: Payer, deliver_events: Deliver) -> None:
    for kind, declared, expected in EVERY:
        days = {DAYS[kind]: days_ago(5).isoformat()} if kind in DAYS else {}
        filed = payer.files(kind, **declared, **days)
        deliver_events()
        filed.refresh_from_db()
        assert filed.status == Status.BILLED, (kind, filed.why)
        assert filed.bill is not None
        assert filed.bill.nominal_due_on > filed.bill.liability_on or kind == "registration"
        assert {tax: filed.bill.facts["taxes"][tax] for tax in expected} == expected
        assert payer.client.get(f"/bills/{filed.bill_id}/", headers=ENGLISH).status_code == 200
    count = Count()
    assert list(recompute_bills(count=count)) == []
    assert count.bills == len(EVERY)
    call_command("ledger_check")


def test_a_late_return_bears_penalties_and_is_late_by_the_day(payer: Payer, deliver_events: Deliver) -> None:
    acquired = days_ago(60 + 45)
    filed = payer.files("acquisition_house", **HOUSE, acquired_on=acquired.isoformat())
    deliver_events()
    bill = Bill.objects.get()
    tax, education = 11_690_000, 1_169_000
    late = (days_ago(0) - bill.due_on).days
    assert 31 < late <= 45
    penalty = tax * 20 // 100  # nothing was filed in time, and 30% of it falls away within three months
    assert lines(bill) == {"acquisition": tax + penalty - penalty * 30 // 100, "local_education": education}

    today, later = days_ago(0), days_ago(-20)
    by_day = sum(won * late * 22 // 1_000_000 * 10 for won in (tax, education))
    assert bill_on_day(bill_id=bill.pk, on=today).owed.surcharge == by_day
    pays(bill_of(filed), 5_000_000)
    found = bill_on_day(bill_id=bill.pk, on=later)
    for line in found.lines:  # the database and its twin in Python
        won = bill.facts["taxes"][line.owed.tax]
        paid = [PartPaid(on=today, amount=line.owed.tax_paid)]
        said = late_filing(tax=won, due=bill.due_on, on=later, tables=tables(), paid=paid)
        assert (line.owed.surcharge, line.late_steps) == (said.total, said.steps)
    assert list(recompute_bills(count=Count())) == []


def test_what_is_wrong_is_told_and_what_was_typed_stays(payer: Payer) -> None:
    right = HOUSE | {"acquired_on": days_ago(3).isoformat(), "taxpayer": payer.taxpayer.pk, "body": "11110"}
    wrong: list[dict[str, Any]] = [
        {"price": "a lot"},
        {"price": "-5"},
        {"price": "0"},
        {"price": "1" * 30},
        {"price": ""},
        {"object": ""},
        {"object": "x" * 61},
        {"object": "\x00"},
        {"acquired_on": "yesterday"},
        {"acquired_on": days_ago(-1).isoformat()},
        {"acquired_on": "1850-01-01"},
        {"homes": "0"},
        {"whole_price": "5"},
        {"body": "11000"},
        {"body": "99999"},
        {"taxpayer": "1"},
        {"step": "file", "key": "x", "shown": "1"},
        {"step": "file", "key": str(uuid4()), "shown": "1"},
    ]
    for told in wrong:
        answer = payer.client.post("/returns/new/acquisition_house/", right | {"step": "preview"} | told)
        assert answer.status_code == 422, told
        assert "700,000,000" in answer.content.decode() or "price" in told, told
    assert not Return.objects.exists()
    assert payer.client.get("/returns/new/no_such_tax/").status_code == 404
    edited = payer.client.post("/returns/new/acquisition_house/", right | {"step": "edit"}).content.decode()
    assert "1 Example Street" in edited


def test_what_the_rules_refuse_is_refused_by_name(payer: Payer) -> None:
    who = {"taxpayer": payer.taxpayer.pk, "body": "11110", "step": "preview"}
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("acquisition_house", HOUSE | {"acquired_on": "2022-05-01"}, "filing_terms 2022-05-01"),
        ("local_income_corporate", {"begins": "2024-01-01", "ends": "2024-12-31", "base": "1"}, "2024-01-01"),
        ("acquisition", {"object": "x", "kind": "gift", "price": "9", "regulated": "on"}, "not read in the statute"),
        ("tobacco", {**PLACE, "year": "2026", "month": "3", "kind": "snuff", "quantity": "1"}, "not read in the"),
        ("resident_employees", {**NOW, "payroll": "1", "monthly_average": "1"}, "not over yet"),
        ("resident_office", {**OFFICE, "owner": "company", "area_m2": "9"}, "capital"),
        ("local_income_corporate", {"begins": "2025-01-01", "ends": "2026-01-01", "base": "1"}, "twelve months"),
    ]
    for kind, declared, said in refused:
        days = {DAYS[kind]: days_ago(5).isoformat()} if kind in DAYS else {}
        answer = payer.client.post(f"/returns/new/{kind}/", who | days | declared, headers=ENGLISH)
        assert answer.status_code == 422, kind
        assert said in answer.content.decode(), kind
    assert "Local consumption tax" in payer.client.get("/returns/", headers=ENGLISH).content.decode()


def test_the_same_thing_is_filed_once_and_anew_when_its_bill_was_cancelled(
    payer: Payer, deliver_events: Deliver, as_role: AsRole
) -> None:
    declared = HOUSE | {"acquired_on": days_ago(3).isoformat()}
    filed = payer.files("acquisition_house", **declared)
    again = declared | {"object": " 1 EXAMPLE  street", "taxpayer": payer.taxpayer.pk, "body": "11110"}
    answer = payer.client.post("/returns/new/acquisition_house/", again, headers=ENGLISH)
    assert answer.status_code == 422
    assert f"/returns/{filed.pk}/" in answer.content.decode()
    deliver_events()
    clerk = officer_client(as_role, "clerk@example.kr", Role.ASSESSOR, body="11110")
    approver = officer_client(as_role, "second@example.kr", Role.APPROVER, body="11110")
    bill_id = Bill.objects.get().pk
    assert clerk.post(f"/bills/{bill_id}/change/cancel/", {"reason": "It was sold back."}).status_code == 302
    change = BillChange.objects.get()
    assert approver.post(f"/bills/{bill_id}/changes/{change.pk}/", {"approved": "yes"}).status_code == 302
    deliver_events()
    filed.refresh_from_db()
    assert filed.status == Status.CANCELLED
    assert payer.files("acquisition_house", **declared).pk != filed.pk


def test_two_forms_about_one_thing_at_the_same_moment_file_it_once(
    payer: Payer, database_name: str, as_role: AsRole
) -> None:
    declared = '{"year": 2025, "base": 5}'
    secret = payer.client.cookies["sessionid"].value
    filing: list[Any] = [
        payer.taxpayer.pk,
        "11110",
        "local_income_personal",
        "2025",
        declared,
        date(2026, 6, 1),
        0,
        None,
    ]

    def files(key: str) -> Any:
        def call(as_role: AsRole) -> str:
            with as_role("public"), session_secret(secret), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT problem FROM filing_file(%s, %s, %s, %s, %s, %s, %s, %s, %s)", [*filing, key])
                return str(cursor.fetchone()[0])

        return call

    assert sorted(at_once(database_name, [files(str(uuid4())) for _ in range(2)])) == ["", "filed_before"]
    one = str(uuid4())
    filing[3] = "2024"
    assert at_once(database_name, [files(one) for _ in range(2)]) == ["", ""]
    assert Return.objects.count() == 2


def test_a_face_that_was_taken_files_for_nobody_else_and_its_sums_are_not_believed(
    payer: Payer, deliver_events: Deliver, as_role: AsRole
) -> None:
    secret = payer.client.cookies["sessionid"].value
    other = Taxpayer.objects.create(kind="individual", name="전우치", birth_date="1850-03-01")

    def files(
        taxpayer: int, *, body: str = "11110", thing: str = "2025", base: int = 50_000_000, shown: int = 7
    ) -> str:
        with as_role("public"), session_secret(secret), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT problem FROM filing_file(%s, %s, 'local_income_personal', %s, %s, '2026-06-01', %s, NULL, %s)",
                [taxpayer, body, thing, f'{{"year": 2025, "base": {base}}}', shown, uuid4()],
            )
            return str(cursor.fetchone()[0])

    assert files(other.pk) == "not_yours"
    assert files(payer.taxpayer.pk, body="99999") == "not_yours"
    assert files(payer.taxpayer.pk, thing="x" * 201) == "not_yours"
    assert files(payer.taxpayer.pk) == ""
    deliver_events()
    filed = Return.objects.get()
    assert (filed.status, Bill.objects.count()) == (Status.REFUSED, 0)
    assert "not taken" in payer.client.get(f"/returns/{filed.pk}/", headers=ENGLISH).content.decode()
    with pytest.raises(DatabaseError, match="permission denied"), as_role("public"), session_secret(secret):
        Return.objects.update(said=1)
    with pytest.raises(DatabaseError, match="append-only"):
        Return.objects.update(inputs={})


def test_an_officer_files_for_somebody_who_is_present(payer: Payer, deliver_events: Deliver, as_role: AsRole) -> None:
    clerk = officer_client(as_role, "clerk@example.kr", Role.ASSESSOR, body="11110")
    assert clerk.get(f"/returns/new/{payer.taxpayer.pk}/").status_code == 404  # nobody the district has to do with
    TaxpayerBody.objects.create(taxpayer=payer.taxpayer, body_id="11110")
    record = clerk.get(f"/taxpayers/{payer.taxpayer.pk}/").content.decode()
    assert f"/returns/new/{payer.taxpayer.pk}/" in record
    assert clerk.get(f"/returns/new/{payer.taxpayer.pk}/").status_code == 200
    page = f"/returns/new/{payer.taxpayer.pk}/leisure/"
    declared = {**PLACE, "tickets_sold": "1000000", "taxpayer": payer.taxpayer.pk, "body": "11110"}
    assert clerk.post(page, declared | {"body": "11140"}).status_code == 422  # another district's
    form = sees(clerk, page, declared)
    assert clerk.post(page, form | {"step": "file"}).status_code == 302
    deliver_events()
    filed = Return.objects.get()
    assert (filed.at_counter, filed.status) == (True, Status.BILLED)
    assert filed.number in clerk.get("/returns/", headers=ENGLISH).content.decode()
    assert clerk.get(f"/returns/{filed.pk}/").status_code == 200
    assert clerk.get(f"/returns/{filed.pk}/amend/").status_code == 200
    assert filed.number in payer.client.get("/returns/").content.decode()
    elsewhere = officer_client(as_role, "elsewhere@example.kr", Role.ASSESSOR, body="11140")
    assert elsewhere.get(f"/returns/{filed.pk}/").status_code == 404
    cashier = officer_client(as_role, "cashier@example.kr", Role.CASHIER, body="11110")
    assert cashier.get(page).status_code == 403


def test_tobacco_is_filed_until_the_twentieth(db: None) -> None:
    values = {"object": "A factory", "year": 2026, "month": 11, "kind": "cigarette", "quantity": 20_000}
    drawn = draft(kind=return_kind("tobacco"), values=values | {"without_leaf": False}, filed_on=date(2026, 12, 21))
    assert drawn.due_on == date(2026, 12, 21)  # the twentieth is a Sunday
    assert drawn.figure.taxes == {"tobacco": 1_007_000, "local_education": 442_970}


def test_nothing_due_is_filed_without_a_bill(payer: Payer, deliver_events: Deliver) -> None:
    filed = payer.files("resident_employees", **PLACE, payroll="1000", monthly_average="1000")
    deliver_events()
    filed.refresh_from_db()
    assert (filed.status, Bill.objects.count()) == (Status.NOTHING, 0)
    assert "nothing is due" in payer.client.get(f"/returns/{filed.pk}/", headers=ENGLISH).content.decode()


def test_the_public_sees_its_own_returns_only(payer: Payer, as_role: AsRole) -> None:
    filed = payer.files("local_income_personal", year="2025", base="1")
    stranger = a_payer(as_role)
    assert stranger.client.get(f"/returns/{filed.pk}/").status_code == 404
    assert stranger.client.get(f"/returns/{filed.pk}/amend/").status_code == 404
    assert filed.number not in stranger.client.get("/returns/").content.decode()
