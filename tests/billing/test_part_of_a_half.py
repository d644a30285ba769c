"""A car that changes hands or is scrapped: its owner until then is billed for the days on which it was his."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from accounts.access import Role
from accounts.models import Taxpayer
from billing import selectors, services
from billing.models import Bill, BillCredit, LevyRoll
from billing.rules.automobile_part_roll import AUTOMOBILE_PART
from billing.services.recompute_bills import Count, recompute_bills
from ledger import checks
from tests.support.database import AsRole

from .conftest import AT, GOOD, Officers, csv_of
from .people import citizen_client, officer_client

Issue = Callable[..., int]
HEADER = ",".join([*AUTOMOBILE_PART.column_names, "held_from"])
SOLD = GOOD | {"roll_ref": "PART-1", "occasion": "transfer", "occasion_on": "2026-04-01", "held_from": ""}
BUYER = {"roll_ref": "PART-2", "taxpayer_name": "이다라", "resident_number": "700101-0000001"}


def parts_of(*rows: dict[str, str]) -> str:
    """The text of a roll of cars given away."""
    return "\n".join([HEADER, *(",".join((SOLD | row)[name] for name in HEADER.split(",")) for row in rows)]) + "\n"


def defects(roll_id: int) -> list[tuple[int, str, str]]:
    return [row[:3] for row in selectors.problems(roll_id=roll_id)]


@pytest.mark.parametrize(
    ("occasion", "car", "education"),
    # 400,000 won a year: for 90 of 365 days, and for 91 where the day itself counts.
    [("transfer", 98_630, 29_580), ("scrapping", 99_720, 29_910)],
)
def test_whoever_gives_a_car_away_is_billed_for_his_days(
    issued: Issue, occasion: str, car: int, education: int
) -> None:
    issued(parts_of({"occasion": occasion}), tax="automobile_part")
    bill = Bill.objects.get()
    assert {line.tax_id: line.amount for line in bill.lines.all()} == {"automobile": car, "local_education": education}
    assert (bill.tax_id, bill.term, bill.due_on) == ("automobile", 1, date(2026, 6, 24))  # 14 days after 10 June
    assert [step.code for step in selectors.bill_detail(bill_id=bill.pk, at=AT).steps][:3] == [
        occasion,
        "yearly_by_displacement",
        "part_of_half",
    ]
    assert list(recompute_bills(count=Count())) == []
    assert checks.run_all() == []


def test_a_half_of_one_car_is_shared_by_its_owners_to_the_day(issued: Issue) -> None:
    issued(parts_of({}), tax="automobile_part")
    later = BUYER | {"held_from": "2026-04-01", "occasion_on": "2026-05-11"}
    issued(parts_of(later), tax="automobile_part")
    last = {"taxpayer_name": "박마바", "resident_number": "710101-0000001", "held_from": "2026-05-11"}
    issued(csv_of(last, header=",".join([*GOOD, "held_from"])))
    sums = {bill.object_ref: bill.lines.get(tax="automobile").amount for bill in Bill.objects.all()}
    days = {"123가4567~2026-03-31": 90, "123가4567~2026-05-10": 40, "123가4567": 51}
    assert sums == {thing: 400_000 * many // 365 // 10 * 10 for thing, many in days.items()}
    assert sum(days.values()) == 181


def test_an_officer_finds_all_bills_of_a_vehicle_by_its_number(issued: Issue) -> None:
    issued(parts_of({}), tax="automobile_part")
    issued(csv_of(BUYER | {"held_from": "2026-04-01"}, header=",".join([*GOOD, "held_from"])))
    issued(csv_of({"roll_ref": "CAR-9", "vehicle_number": "123가4568"}))
    assert len(selectors.search_bills(text="123가 4567", at=AT)) == 2
    assert len(selectors.search_bills(text="123가4567~2026-03-31", at=AT)) == 1
    assert selectors.search_bills(text="123가456", at=AT) == []


def test_nobody_is_billed_for_a_part_of_a_half_that_he_was_billed_whole(imported: Issue, issued: Issue) -> None:
    issued(csv_of({}))
    assert defects(imported(parts_of({}), tax="automobile_part")) == [(2, "vehicle_number", "known_already")]


def test_a_small_car_whose_year_was_billed_in_june_is_not_billed_again_when_it_is_sold(imported: Issue) -> None:
    sold = {"displacement_cc": "998", "occasion_on": "2026-08-15", "half": "2"}
    assert defects(imported(parts_of(sold), tax="automobile_part", term=2)) == [(2, "half", "billed_in_june")]
    since_july = sold | {"held_from": "2026-07-02"}  # June's bill was another owner's
    roll = LevyRoll.objects.get(pk=imported(parts_of(since_july), tax="automobile_part", term=2))
    assert roll.status == "staged"


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"occasion": "moon"}, "occasion", "unknown_value"),
        ({"occasion": "", "occasion_on": ""}, "occasion", "missing"),
        ({"occasion_on": "2026-02-30"}, "occasion_on", "impossible_date"),
        ({"occasion_on": "0001-01-01"}, "occasion_on", "impossible_date"),
        ({"occasion_on": "2026-01-01"}, "occasion_on", "other_half"),  # no day of this half was his
        ({"occasion_on": "2026-07-02"}, "occasion_on", "other_half"),
        ({"occasion": "scrapping", "occasion_on": "2026-07-01"}, "occasion_on", "other_half"),
        ({"first_registered": "2026-04-01"}, "occasion_on", "held_backwards"),
        ({"held_from": "2026-04-01"}, "occasion_on", "held_backwards"),
        ({"held_from": "2026-13-01"}, "held_from", "impossible_date"),
        ({"held_from": "yesterday"}, "held_from", "format"),
        ({"half": "2"}, "half", "other_half"),
    ],
)
def test_days_on_which_nobody_can_have_held_a_car_are_named(
    imported: Issue, cells: dict[str, str], column: str, code: str
) -> None:
    found = defects(imported(parts_of(cells), tax="automobile_part"))
    assert (2, column, code) in found
    assert {name for _, name, _ in found} <= {"occasion", "occasion_on", "held_from", "half"}


def test_the_same_sale_is_not_billed_twice(imported: Issue, issued: Issue) -> None:
    twice = imported(parts_of({}, {"roll_ref": "PART-2"}), tax="automobile_part")
    assert defects(twice) == [(3, "vehicle_number", "twice_in_file")]
    issued(parts_of({}), tax="automobile_part")
    again = imported(parts_of({"roll_ref": "PART-3"}), tax="automobile_part")
    assert defects(again) == [(2, "vehicle_number", "known_already")]


def test_a_bill_for_part_of_a_half_has_no_credit_for_electronic_notice(imported: Issue, officers: Officers) -> None:
    roll_id = imported(parts_of({}), tax="automobile_part")
    payer = Taxpayer.objects.get()
    services.record_entitlement(taxpayer_id=payer.pk, kind="e_notice", began_on=date(2026, 1, 1))
    services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
    services.issue_roll(roll_id=roll_id, at=AT)
    assert not BillCredit.objects.exists()


def test_a_citizen_reads_for_which_days_and_why(issued: Issue, as_role: AsRole) -> None:
    issued(parts_of({}), tax="automobile_part")
    client = citizen_client(as_role, Taxpayer.objects.get())
    english, korean = (
        client.get(f"/bills/{Bill.objects.get().pk}/", headers={"Accept-Language": language}).content.decode()
        for language in ("en", "ko")
    )
    assert "Transferred on 2026-04-01: its owner until then pays for the days through 2026-03-31" in english
    assert "400,000 won × 90 / 365 days" in english
    assert "2026-04-01에 이전등록" in korean


def test_an_officer_sees_the_roll_on_the_upload_page_and_in_its_preview(imported: Issue, as_role: AsRole) -> None:
    roll_id = imported(parts_of({}), tax="automobile_part")
    assessor = officer_client(as_role, "assessor@example.kr", Role.ASSESSOR)
    form = assessor.get("/rolls/upload/", headers={"Accept-Language": "en"}).content.decode()
    assert "Automobile tax for part of a half (transfer, scrapping)" in form
    assert "14 days after the bill goes out" in form
    preview = assessor.get(f"/rolls/{roll_id}/", headers={"Accept-Language": "en"}).content.decode()
    assert "128,210" in preview
    assert "Automobile tax for part of a half (transfer, scrapping)" in preview
