from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from billing import selectors, services
from billing.models import Bill, LevyRoll, RollProblem, RollRow
from billing.states import RollStatus

from .conftest import AT, GOOD, Officers, csv_of, sample_text

Import = Callable[..., int]


def problems(roll_id: int) -> list[tuple[int, str, str]]:
    return [row[:3] for row in selectors.problems(roll_id=roll_id)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_good_roll_is_staged_in_each_right_encoding(imported: Import, encoding: str) -> None:
    roll = LevyRoll.objects.get(pk=imported(csv_of({}).encode(encoding)))
    assert (roll.status, roll.row_count, roll.problem_count, roll.encoding) == (RollStatus.STAGED, 1, 0, encoding)
    row = RollRow.objects.get()
    assert (row.taxpayer.name, row.body_id, row.amount) == ("김가나", "11110", 260_000)
    assert row.lines == [{"tax": "automobile", "amount": 200_000}, {"tax": "local_education", "amount": 60_000}]


def test_no_staged_row_holds_a_resident_number(imported: Import) -> None:
    imported(csv_of({}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM billing_rollrow r")
        (text,) = cursor.fetchone()
    assert "690302" not in text
    assert "9635604" not in text


def test_the_preview_adds_up_each_district(imported: Import) -> None:
    roll_id = imported(sample_text(200))
    preview = selectors.preview(roll_id=roll_id)
    assert len(preview.districts) == 25
    assert sum(district.rows for district in preview.districts) == 200
    assert preview.amount == sum(RollRow.objects.values_list("amount", flat=True))


BAD_CELLS = [
    ("roll_ref", "", "missing"),
    ("roll_ref", "CAR 1", "format"),
    ("district_code", "99999", "district"),
    ("taxpayer_name", "가" * 5000, "too_long"),
    ("taxpayer_name", "=HYPERLINK(1)", "formula"),
    ("taxpayer_name", "@SUM(1)", "formula"),
    ("taxpayer_name", " ", "missing"),
    ("taxpayer_name", "김\u202e나", "control"),
    ("resident_number", "690231-9635604", "impossible_date"),
    ("resident_number", "690302-963560", "format"),
    ("resident_number", "６９０３０２-9635604", "full_width"),
    ("email", "nobody", "format"),
    ("vehicle_number", "123456", "format"),
    ("kind", "boat", "unknown_value"),
    ("use", "diplomatic", "unknown_value"),
    ("displacement_cc", "２０００", "full_width"),
    ("displacement_cc", "-2000", "formula"),
    ("displacement_cc", "2,0", "cells"),
    ("displacement_cc", "two", "format"),
    ("displacement_cc", "", "missing"),
    ("first_registered", "2026-02-30", "impossible_date"),
    ("first_registered", "10.01.2025", "format"),
    ("first_registered", "2026-07-01", "after_period"),
    ("first_registered", "1890-01-01", "impossible_date"),
    ("half", "2", "other_half"),
]


@pytest.mark.parametrize(("column", "value", "code"), BAD_CELLS)
def test_a_bad_cell_is_named_by_row_and_column(imported: Import, column: str, value: str, code: str) -> None:
    roll_id = imported(csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가4568", column: value}))
    where = "" if code == "cells" else column
    assert problems(roll_id) == [(3, where, code)]
    assert LevyRoll.objects.get(pk=roll_id).status == RollStatus.REFUSED
    assert not RollRow.objects.exists()


def test_every_bad_row_and_every_bad_cell_of_it_is_named(imported: Import) -> None:
    roll_id = imported(csv_of({"half": "2", "use": "x"}, {}, {"roll_ref": "", "kind": "x"}))
    assert problems(roll_id) == [
        (2, "use", "unknown_value"),
        (2, "half", "other_half"),
        (4, "roll_ref", "missing"),
        (4, "kind", "unknown_value"),
    ]


def test_a_report_shows_no_resident_number(imported: Import) -> None:
    imported(csv_of({"resident_number": "690231-9635604"}))
    assert list(RollProblem.objects.values_list("shown", flat=True)) == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c\n1,2,3\n", "header_missing"),
        (csv_of({}, header=csv_of().strip() + ",extra"), "header_unknown"),
        (csv_of(), "no_rows"),
        (csv_of({"taxpayer_name": '"김'}), "quotes"),
        (csv_of({}).replace("김가나", "김\udcff").encode("utf-8", "surrogateescape"), "encoding"),
        (("\ufeff" + csv_of({})).encode("utf-16-le").replace(b"\x00", b"\xff\xff"), "encoding"),
    ],
)
def test_a_file_of_another_form_is_reported_and_nothing_staged(imported: Import, text: Any, expected: str) -> None:
    roll_id = imported(text)
    assert expected in {code for _, _, code in problems(roll_id)}
    assert not RollRow.objects.exists()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", services.RollIsEmpty),
        (b" \n\n ", services.RollIsEmpty),
        (b"PK\x03\x04\x00\x00", services.RollIsBinary),
    ],
)
def test_what_is_no_text_file_is_refused(imported: Import, content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        imported(content)
    assert not LevyRoll.objects.exists()


def test_repeated_references_vehicles_and_names_are_named_with_their_first_row(imported: Import) -> None:
    other = {"roll_ref": "CAR-2", "vehicle_number": "123가4568"}
    roll_id = imported(
        csv_of({}, {"vehicle_number": "123가9999"}, {"roll_ref": "CAR-3"}, {**other, "taxpayer_name": "이다라"})
    )
    assert [row[1:] for row in selectors.problems(roll_id=roll_id)] == [
        ("roll_ref", "twice_in_file", "2"),
        ("vehicle_number", "twice_in_file", "2"),
        ("taxpayer_name", "name_differs", "2"),
    ]


def test_the_same_file_twice_is_imported_once(imported: Import) -> None:
    roll_id = imported(csv_of({}))
    with pytest.raises(services.RollAlreadyImported) as refused:
        imported(csv_of({}))
    assert refused.value.roll_id == roll_id
    assert RollRow.objects.count() == 1


def test_a_row_of_another_roll_is_not_staged_again(imported: Import) -> None:
    imported(csv_of({}))
    again = imported(csv_of({"email": ""}))
    assert problems(again) == [(2, "roll_ref", "known_already")]
    again = imported(csv_of({"roll_ref": "CAR-9"}))
    assert problems(again) == [(2, "vehicle_number", "known_already")]
    assert RollRow.objects.count() == 1


def test_a_billed_vehicle_is_not_billed_again_under_another_reference(
    imported: Import, issued: Callable[[str], int]
) -> None:
    issued(csv_of({}))
    again = imported(csv_of({"roll_ref": "CAR-9"}))
    assert problems(again) == [(2, "vehicle_number", "known_already")]
    assert Bill.objects.count() == 1


def test_a_mended_file_is_imported_after_a_refused_one(imported: Import) -> None:
    imported(csv_of({"half": "2"}))
    imported(csv_of({"half": "2"}))
    assert LevyRoll.objects.get(pk=imported(csv_of({}))).status == RollStatus.STAGED


def test_an_officer_of_one_district_brings_no_rows_of_another(imported: Import) -> None:
    roll_id = imported(csv_of({}), office="11140")
    assert problems(roll_id) == [(2, "district_code", "district")]


def test_a_tax_without_sourced_rates_is_refused_by_name(imported: Import) -> None:
    with pytest.raises(services.TaxNotBilledByRoll):
        imported(csv_of({}), tax="property")


@pytest.mark.parametrize("year", [2010, 2028])
def test_a_year_without_rates_or_holidays_is_refused_before_any_work(imported: Import, year: int) -> None:
    with pytest.raises(services.YearNotKnown):
        imported(csv_of({}), year=year)


def test_a_car_billed_whole_in_june_does_not_come_again_in_december(imported: Import) -> None:
    roll_id = imported(csv_of({"displacement_cc": "998", "half": "2"}), term=2)
    assert problems(roll_id) == [(2, "half", "billed_in_june")]


def test_nobody_approves_their_own_roll(imported: Import, officers: Officers) -> None:
    roll_id = imported(csv_of({}))
    with pytest.raises(services.SameOfficerApproval):
        services.approve_roll(roll_id=roll_id, approved_by_id=officers.uploader, at=AT)
    with pytest.raises(IntegrityError):
        LevyRoll.objects.filter(pk=roll_id).update(approved_by=officers.uploader, approved_at=AT)


def test_a_refused_roll_is_never_approved(imported: Import, officers: Officers) -> None:
    roll_id = imported(csv_of({"half": "2"}))
    with pytest.raises(services.RollNotStaged):
        services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)


def test_a_withdrawn_roll_may_be_brought_again(imported: Import, officers: Officers) -> None:
    roll_id = imported(csv_of({}))
    services.withdraw_roll(roll_id=roll_id, withdrawn_by_id=officers.uploader, reason="wrong district")
    assert imported(csv_of({})) != roll_id


def test_good_rows_are_as_the_columns_say() -> None:
    assert csv_of().strip().split(",") == list(GOOD)
