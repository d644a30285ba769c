from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.access import Role, decision_of
from billing.models import Bill, LevyRoll
from billing.services.check_roll import check_roll, rolls_waiting
from billing.urls import office
from core.models import AuditRecord
from tests.support.database import AsRole
from tests.support.faces import FaceClient

from .conftest import AT, csv_of, sample_text
from .people import officer_client

OTHER = {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "district_code": "11140"}


@pytest.fixture
def assessor(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "assessor@example.kr", Role.ASSESSOR)


@pytest.fixture
def approver(as_role: AsRole) -> FaceClient:
    return officer_client(as_role, "approving@example.kr", Role.APPROVER)


def bring(client: FaceClient, text: str | bytes, **changes: object) -> str:
    """Upload a roll and return the address that follows."""
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("roll.csv", content, content_type="text/csv")
    answer = client.post("/rolls/upload/", {"tax": "automobile", "year": 2026, "term": 1, "file": file} | changes)
    assert answer.status_code == 302, answer.content.decode()
    for roll_id in rolls_waiting():
        check_roll(roll_id=roll_id, at=AT)
    return str(answer["Location"])


def page(client: FaceClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_roll_goes_from_upload_over_approval_to_bills(
    assessor: FaceClient, approver: FaceClient, deliver_events: Callable[[], int]
) -> None:
    address = bring(assessor, sample_text(50))
    assert "Another officer has to approve this roll." in page(assessor, address)
    assert "By district" in page(approver, address)
    assert approver.post(f"{address}approve/").status_code == 302
    assert "Issue the bills" in page(assessor, address)
    assert assessor.post(f"{address}issue/").status_code == 302
    assert "of 50 bills are issued" in page(assessor, address)
    deliver_events()
    assert "All 50 bills are issued." in page(assessor, address)
    assert "고지서 50건을 모두 발급했습니다." in page(assessor, address, "ko")
    assert Bill.objects.count() == 50


def test_who_brought_a_roll_can_not_approve_it(as_role: AsRole) -> None:
    both = officer_client(as_role, "both@example.kr", Role.ASSESSOR, Role.APPROVER)
    address = bring(both, csv_of({}))
    answer = both.post(f"{address}approve/", headers={"Accept-Language": "en"})
    assert answer.status_code == 409
    assert "another officer has to approve it" in answer.content.decode()
    assert LevyRoll.objects.get().status == "staged"


def test_an_assessor_without_the_role_may_not_approve(assessor: FaceClient) -> None:
    address = bring(assessor, csv_of({}))
    assert assessor.post(f"{address}approve/").status_code == 403


def test_whoever_approves_proves_again_who_they_are_after_ten_minutes(
    assessor: FaceClient, approver: FaceClient
) -> None:
    address = bring(assessor, csv_of({}))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_session SET code_at = now() - interval '11 minutes'")
    answer = approver.post(f"{address}approve/")
    assert answer.status_code == 403
    assert "one_time_code" in answer.content.decode()
    assert LevyRoll.objects.get().status == "staged"


def test_every_bad_row_is_shown_and_can_be_downloaded(assessor: FaceClient) -> None:
    address = bring(assessor, csv_of({"taxpayer_name": "=1+1"}, {"half": "2"}))
    shown = page(assessor, address)
    assert "This roll was refused" in shown
    assert "A cell must not begin with" in shown
    assert "Another half-year than this roll&#x27;s." in shown
    answer = assessor.get(f"{address}defects.csv", headers={"Accept-Language": "ko"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "행 / Row,열 / Column,입력된 값 / What stands there,오류 내용 (한국어),What is wrong (English)"
    assert lines[1].startswith("2,taxpayer_name,'=1+1,")
    assert lines[2] == "3,half,2,이 대장의 기분과 다릅니다.,Another half-year than this roll's."
    assert len(lines) == 3


def test_hundreds_of_bad_rows_come_in_pages(assessor: FaceClient) -> None:
    rows = [{"roll_ref": f"CAR-{n}", "half": "2"} for n in range(120)]
    address = bring(assessor, csv_of(*rows))
    assert "Page 1 of 3" in page(assessor, address)
    assert "Page 3 of 3" in page(assessor, f"{address}?page=3")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04\x00\x00\x00", "neither text nor Parquet"),
        (b"\x00" * 1000, "neither text nor Parquet"),
    ],
)
def test_a_file_that_is_no_text_is_refused_at_the_form(assessor: FaceClient, content: bytes, said: str) -> None:
    file = SimpleUploadedFile("roll.csv", content)
    answer = assessor.post(
        "/rolls/upload/",
        {"tax": "automobile", "year": 2026, "term": 1, "file": file},
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not LevyRoll.objects.exists()


def test_a_year_that_is_not_loaded_is_said_on_the_page(assessor: FaceClient) -> None:
    file = SimpleUploadedFile("roll.csv", csv_of({}).encode())
    answer = assessor.post(
        "/rolls/upload/",
        {"tax": "automobile", "year": 2090, "term": 1, "file": file},
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 422
    assert "are not loaded yet" in answer.content.decode()


def test_the_same_file_twice_leads_to_the_first_roll(assessor: FaceClient) -> None:
    address = bring(assessor, csv_of({}))
    file = SimpleUploadedFile("again.csv", csv_of({}).encode())
    answer = assessor.post("/rolls/upload/", {"tax": "automobile", "year": 2026, "term": 1, "file": file})
    assert answer.status_code == 409
    assert f'href="{address}"' in answer.content.decode()


def test_an_officer_of_a_district_brings_and_sees_that_district_only(
    as_role: AsRole, assessor: FaceClient, issued: Callable[[str], int]
) -> None:
    issued(csv_of({}, OTHER))
    local = officer_client(as_role, "jongno@example.kr", Role.ASSESSOR, body="11110")
    own, other = Bill.objects.order_by("roll_ref")
    assert local.get(f"/bills/{own.pk}/").status_code == 200
    assert local.get(f"/bills/{other.pk}/").status_code == 404
    assert assessor.get(f"/bills/{other.pk}/").status_code == 200
    assert local.get(f"/rolls/{LevyRoll.objects.get().pk}/").status_code == 404
    address = bring(local, csv_of({"roll_ref": "CAR-8", "vehicle_number": "123가8888", "district_code": "11140"}))
    assert "No district of this office has this code." in page(local, address)


def test_opening_a_bill_leaves_a_trace(assessor: FaceClient, issued: Callable[[str], int]) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    page(assessor, f"/bills/{bill.pk}/")
    record = AuditRecord.objects.get(action="billing.bill_opened")
    assert (record.subject, record.taxpayer_id) == (f"bill:{bill.pk}", bill.taxpayer_id)


def test_a_bill_is_searched_by_number_and_vehicle_and_cancelled_with_a_reason(
    assessor: FaceClient, issued: Callable[[str], int]
) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    for text in (bill.epay_number, bill.tax_number, "CAR-1", "123가4567"):
        assert f"/bills/{bill.pk}/" in page(assessor, f"/bills/?text={text}")
    assert "No bill of your office fits." in page(assessor, "/bills/?text=nothing")
    assert assessor.post(f"/bills/{bill.pk}/change/cancel/", {"reason": ""}).status_code == 422
    assert assessor.post(f"/bills/{bill.pk}/change/cancel/", {"reason": "sold in May"}).status_code == 302
    assert "Cancelled" in page(assessor, f"/bills/{bill.pk}/")


def test_a_staged_roll_is_withdrawn_with_a_reason(assessor: FaceClient) -> None:
    address = bring(assessor, csv_of({}))
    assert assessor.post(f"{address}withdraw/", {"reason": "wrong file"}).status_code == 302
    assert "Withdrawn" in page(assessor, "/rolls/")


def test_every_page_of_the_office_is_for_officers_with_a_role(public_client: FaceClient) -> None:
    for pattern in office.urlpatterns:
        decision = decision_of(pattern.callback)
        assert decision is not None
        assert decision.who == "officer"
        assert decision.roles
    assert public_client.get("/rolls/").status_code == 404
