"""Fines: the sums, what is less when paid early, what is added when late, and any number of bodies that levy them."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
import yaml
from django.db import connection

from accounts.access import Role
from accounts.models import LevyingBody
from billing import explain_periods, selectors, services
from billing.explain import sentences
from billing.models import Bill, LevyRoll
from billing.rules.dated import NoTableForDate, RateNotSourced
from billing.rules.fines import BUS_LANE_FINES, PARKING_FINES, bus_lane_fine, paid_early, parking_fine
from billing.rules.kinds import Kind
from billing.rules.late_payment import late_payment, month_passes_after
from billing.rules.numbers import read_epay_number
from billing.services.approve_roll import RollNotStaged
from billing.services.load_city import PACKS, BadCityPack, load_city
from ledger import checks
from tests.support.database import AsRole, admin_connection

from .conftest import Officers
from .people import officer_client
from .seoul import tables

DAY = date(2026, 5, 20)
AT = datetime(2026, 7, 2, 1, tzinfo=UTC)
CASE = {
    "roll_ref": "FINE-1",
    "district_code": "11110",
    "taxpayer_name": "김가나",
    "resident_number": "690302-9635604",
    "email": "t000001@example.kr",
    "case_number": "P2026-000001",
    "vehicle_number": "123가4567",
    "violated_on": "2026-05-20",
    "vehicle_class": "car",
    "zone": "children",
    "two_hours": "N",
}


@pytest.mark.parametrize(
    ("zone", "vehicle", "two_hours", "won"),
    [
        ("ordinary", "car", False, 40_000),
        ("ordinary", "large", True, 60_000),
        ("fire_service", "car", False, 80_000),
        ("children", "car", False, 120_000),
        ("children", "large", True, 140_000),
        ("elderly_disabled", "large", False, 90_000),
    ],
)
def test_a_parking_fine_by_place_and_vehicle(zone: str, vehicle: str, two_hours: bool, won: int) -> None:
    fine = parking_fine(zone=zone, vehicle=vehicle, two_hours=two_hours, on=DAY, tables=tables())
    assert fine.total == won
    assert [sentence.amount for sentence in sentences(fine.steps)][-1] == won
    assert all("%(" not in sentence.text and sentence.article for sentence in sentences(fine.steps))


def test_whoever_pays_before_the_fine_is_imposed_pays_a_fifth_less() -> None:
    fine = parking_fine(zone="ordinary", vehicle="car", on=DAY, tables=tables())
    assert paid_early(fine, on=DAY, tables=tables()).total == 32_000
    assert paid_early(bus_lane_fine(vehicle="car", on=DAY, tables=tables()), on=DAY, tables=tables()).total == 40_000


def test_a_fine_that_was_not_read_is_refused_by_name() -> None:
    with pytest.raises(RateNotSourced):
        parking_fine(zone="ordinary", vehicle="motorcycle", on=DAY, tables=tables())
    with pytest.raises(NoTableForDate):
        parking_fine(zone="children", vehicle="car", on=date(2021, 5, 10), tables=tables())


def test_a_late_fine_grows_by_its_own_act_from_the_first_won() -> None:
    rule, due = tables().at("late_fine", DAY), date(2026, 7, 31)
    fine = late_payment(tax=40_000, due=due, on=due + timedelta(days=1), rule=rule)
    assert (fine.once, fine.monthly) == (1_200, 0)
    late = late_payment(tax=40_000, due=due, on=month_passes_after(due, 60), rule=rule)
    assert late.total == 1_200 + 28_800  # 3%, and 60 x 1.2%
    assert late_payment(tax=40_000, due=due, on=date(2040, 1, 1), rule=rule).total == 30_000


def text_of(kind: Kind, *rows: dict[str, str]) -> str:
    names = kind.column_names
    return "\n".join([",".join(names), *(",".join((CASE | row)[name] for name in names) for row in rows)]) + "\n"


def issue(kind: Kind, text: str, officers: Officers, *, office: str | None = None) -> int:
    roll_id = services.import_roll(
        content=text.encode(),
        file_name="fines.csv",
        tax=kind.name,
        year=2026,
        term=2,
        uploaded_by_id=officers.uploader,
        office=office,
        at=AT,
    )
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
    return services.issue_roll(roll_id=roll_id, at=AT)


def test_a_roll_of_fines_becomes_bills_with_non_tax_numbers(officers: Officers) -> None:
    assert issue(PARKING_FINES, text_of(PARKING_FINES, {}), officers) == 1
    bill = Bill.objects.get()
    assert (bill.amount, bill.tax_id, bill.nominal_due_on) == (120_000, "parking_fine", date(2026, 7, 31))
    number = read_epay_number(bill.epay_number)
    assert (number.institution, number.kind, number.year, number.item) == ("11110", "2", "26", "41")
    detail = selectors.bill_detail(bill_id=bill.pk, at=AT)
    assert [step.code for step in detail.steps] == ["parking_fine"]


def test_the_database_adds_to_a_late_fine_what_the_rule_adds(officers: Officers) -> None:
    issue(BUS_LANE_FINES, text_of(BUS_LANE_FINES, {"vehicle_class": "large"}), officers)
    bill = Bill.objects.get()
    rule = tables().at("late_fine", bill.liability_on)
    edges = [month_passes_after(bill.due_on, months) for months in (1, 2, 59, 60, 61)]
    for on in [bill.due_on, bill.due_on + timedelta(days=1), *edges, *(edge - timedelta(days=1) for edge in edges)]:
        at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
        (line,) = selectors.owed(bill_ids=[bill.pk], at=at)[bill.pk].lines
        assert line.surcharge == late_payment(tax=60_000, due=bill.due_on, on=on, rule=rule).total, on


@pytest.mark.parametrize(
    ("facts", "column"),
    [
        ({"violated_on": "2026-07-01"}, "violated_on"),
        ({"violated_on": "2020-01-01"}, "violated_on"),
        ({"violated_on": "2026-02-30"}, "violated_on"),
        ({"vehicle_class": "motorcycle"}, "vehicle_class"),
        ({"zone": "moon"}, "zone"),
        ({"district_code": "99999"}, "district_code"),
        ({"case_number": ""}, "case_number"),
    ],
)
def test_a_bad_row_of_a_roll_of_fines_is_named(officers: Officers, facts: dict[str, str], column: str) -> None:
    roll_id = services.import_roll(
        content=text_of(PARKING_FINES, facts).encode(),
        file_name="fines.csv",
        tax=PARKING_FINES.name,
        year=2026,
        term=2,
        uploaded_by_id=officers.uploader,
        at=AT,
    )
    assert [problem.column for problem in LevyRoll.objects.get(pk=roll_id).problems.all()] == [column]


@pytest.fixture
def pack_of_many_agencies(db: None, tmp_path: Path) -> Iterator[Path]:
    """Seoul's pack with one file more: 400 agencies."""
    copytree(PACKS / "seoul", tmp_path / "seoul")
    agencies = [
        {
            "code": f"119{n:02d}" if n < 100 else f"12{n:03d}",
            "kind": "agency",
            "name_ko": f"사업소 {n}",
            "name_en": f"Agency {n}",
        }
        for n in range(2, 402)
    ]
    (tmp_path / "seoul" / "agencies.yaml").write_text(yaml.safe_dump({"bodies": agencies}), encoding="utf-8")
    yield tmp_path
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM ledger_ledgeraccount WHERE body_id LIKE '12%'")
        admin.execute("DELETE FROM accounts_levyingbody WHERE name_en LIKE 'Agency %'")


def test_one_of_four_hundred_agencies_levies_a_fine_with_its_own_number(
    officers: Officers, pack_of_many_agencies: Path
) -> None:
    load_city(city="seoul", packs=pack_of_many_agencies)
    assert LevyingBody.objects.filter(kind="agency").count() == 401
    assert issue(PARKING_FINES, text_of(PARKING_FINES, {"district_code": "12250"}), officers, office="12250") == 1
    bill = Bill.objects.get()
    assert (bill.body_id, bill.epay_number[:6]) == ("12250", "122502")
    assert checks.run_all() == []


def test_an_agency_brings_its_own_fines_only_and_no_tax(officers: Officers) -> None:
    for kind, district in ((PARKING_FINES, "11110"), (BUS_LANE_FINES, "11140")):
        with pytest.raises(RollNotStaged):
            issue(kind, text_of(kind, {"district_code": district}), officers, office="11901")


@pytest.mark.parametrize(
    ("bodies", "says"),
    [
        ([{"code": "11A01", "kind": "agency", "name_ko": "가", "name_en": "A"}], "five digits"),
        ([{"code": "11110", "kind": "agency", "name_ko": "가", "name_en": "A"}], "two bodies"),
    ],
)
def test_a_pack_with_an_impossible_body_is_refused(
    db: None, tmp_path: Path, bodies: list[dict[str, str]], says: str
) -> None:
    copytree(PACKS / "seoul", tmp_path / "seoul")
    (tmp_path / "seoul" / "more.yaml").write_text(yaml.safe_dump({"bodies": bodies}), encoding="utf-8")
    with pytest.raises(BadCityPack, match=says):
        load_city(city="seoul", packs=tmp_path)


def test_an_officer_reads_which_terms_there_are_and_a_roll_of_fines_says_its_quarter(
    as_role: AsRole, officers: Officers
) -> None:
    assessor = officer_client(as_role, "assessor@example.kr", Role.ASSESSOR)
    form = assessor.get("/rolls/upload/", headers={"Accept-Language": "en"}).content.decode()
    assert "Parking fine" in form
    assert "third quarter of" in form
    issue(PARKING_FINES, text_of(PARKING_FINES, {}), officers)
    listed = assessor.get("/rolls/", headers={"Accept-Language": "en"}).content.decode()
    assert "second quarter of 2026" in listed
    assert "2026년 2분기" in assessor.get("/rolls/", headers={"Accept-Language": "ko"}).content.decode()


def test_periods_are_named_in_words() -> None:
    assert doctest.testmod(explain_periods).failed == 0
