from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.selectors import payer_number
from billing.models import Bill
from tests.support.database import AsRole
from tests.support.faces import FaceClient

from .conftest import csv_of
from .people import citizen_client

FIND = "/bills/find/"
OTHER = {
    "roll_ref": "CAR-2",
    "vehicle_number": "123가4568",
    "taxpayer_name": "이다라",
    "resident_number": "700101-0000001",
}


@pytest.fixture
def bills(issued: Callable[[str], int]) -> tuple[Bill, Bill]:
    """One bill each of two people."""
    issued(csv_of({}, OTHER))
    first, second = Bill.objects.order_by("roll_ref")
    return first, second


def ask(client: FaceClient, bill: Bill | None, language: str = "en", **answers: str) -> Any:
    number = bill.epay_number if bill else "1" * 19
    return client.post(FIND, {"epay_number": number, **answers}, headers={"Accept-Language": language})


def test_a_citizen_sees_the_number_for_cash_machines_of_nobody_else(bills: tuple[Bill, Bill], as_role: AsRole) -> None:
    client = citizen_client(as_role, bills[0].taxpayer)
    page = "".join(client.get("/bills/").content.decode().split())
    assert payer_number(taxpayer_id=bills[0].taxpayer_id) in page
    assert payer_number(taxpayer_id=bills[1].taxpayer_id) not in page


def test_a_citizen_sees_their_own_bills_with_what_is_owed(bills: tuple[Bill, Bill], as_role: AsRole) -> None:
    client = citizen_client(as_role, bills[0].taxpayer)
    page = client.get("/bills/", headers={"Accept-Language": "ko"}).content.decode()
    assert "123가4567" in page
    assert "123가4568" not in page
    assert "자동차세" in page
    assert "2026년 제1기분" in page


def test_a_company_with_many_cars_turns_pages(issued: Callable[[str], int], as_role: AsRole) -> None:
    issued(csv_of(*({"roll_ref": f"CAR-{n}", "vehicle_number": f"123가{n:04d}"} for n in range(60))))
    client = citizen_client(as_role, Bill.objects.all()[0].taxpayer)
    assert "Page 1 of 2" in client.get("/bills/", headers={"Accept-Language": "en"}).content.decode()
    assert client.get("/bills/?page=2").content.decode().count('data-label="과세대상"') == 10


def test_a_citizen_opens_no_bill_of_somebody_else(bills: tuple[Bill, Bill], as_role: AsRole) -> None:
    client = citizen_client(as_role, bills[0].taxpayer)
    assert client.get(f"/bills/{bills[0].pk}/").status_code == 200
    assert client.get(f"/bills/{bills[1].pk}/").status_code == 404
    assert client.get("/bills/999999999/").status_code == 404


def test_a_visitor_opens_no_bill_by_its_address(bills: tuple[Bill, Bill], public_client: FaceClient) -> None:
    assert public_client.get(f"/bills/{bills[0].pk}/").status_code == 404


@pytest.mark.parametrize("answers", [{"name": "김가나"}, {"birth_date": "1869-03-02"}, {"birth_date": "1869.03.02"}])
def test_a_visitor_finds_and_opens_one_bill(
    bills: tuple[Bill, Bill], public_client: FaceClient, answers: dict[str, str]
) -> None:
    answer = ask(public_client, bills[0], **answers)
    assert (answer.status_code, answer["Location"]) == (302, f"/bills/{bills[0].pk}/")
    page = public_client.get(answer["Location"], headers={"Accept-Language": "en"}).content.decode()
    for text in (
        "267,800 won",
        "Late: 3% of 200,000 won",
        "2,000 cc at 200 won",
        "Local Tax Act article 127",
        bills[0].epay_number,
        "30% of 200,000",
    ):
        assert text in page
    assert public_client.get(f"/bills/{bills[1].pk}/").status_code == 404


def test_the_calculation_reads_in_korean(bills: tuple[Bill, Bill], public_client: FaceClient) -> None:
    answer = ask(public_client, bills[0], name="김가나")
    page = public_client.get(answer["Location"], headers={"Accept-Language": "ko"}).content.decode()
    for text in (
        "267,800원",
        "200,000원의 3%",
        "2,000cc × 200원 (승용차, 비영업용)",
        "지방세법 제127조",
        "200,000원의 30%",
    ):
        assert text in page


@pytest.mark.parametrize("language", ["ko", "en"])
def test_wrong_and_unknown_answer_the_same_to_the_byte(
    bills: tuple[Bill, Bill], as_role: AsRole, language: str
) -> None:
    pages = []
    for bill in (bills[0], None):
        client = FaceClient("public", as_role)
        answer = ask(client, bill, language=language, name="아무개")
        text = answer.content.decode()
        number = bill.epay_number if bill else "1" * 19
        token = text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        pages.append((answer.status_code, text.replace(number, "N").replace(token, "T")))
    assert pages[0][0] == 422
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"epay_number": "12"}, "Enter the 19 digits"),
        ({"name": ""}, "Enter the payer&#x27;s name or birth date."),
        ({"birth_date": "tomorrow"}, "Enter a valid date"),
    ],
)
def test_a_form_with_mistakes_says_which(
    bills: tuple[Bill, Bill], public_client: FaceClient, answers: dict[str, str], said: str
) -> None:
    page = public_client.post(FIND, {"epay_number": bills[0].epay_number} | answers, headers={"Accept-Language": "en"})
    assert page.status_code == 422
    assert said in page.content.decode()


def test_spaces_and_hyphens_in_the_number_do_not_matter(bills: tuple[Bill, Bill], public_client: FaceClient) -> None:
    number = bills[0].epay_number
    written = f"{number[:5]}-{number[5:10]} {number[10:]}"
    answer = public_client.post(FIND, {"epay_number": written, "name": "김가나"})
    assert answer.status_code == 302


def test_who_tries_too_often_is_asked_to_wait(bills: tuple[Bill, Bill], public_client: FaceClient) -> None:
    for number in range(10):
        public_client.post(FIND, {"epay_number": f"{number:019d}", "name": "아무개"})
    answer = ask(public_client, bills[0], name="김가나")
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")


@pytest.mark.parametrize("hostile", ["' OR 1=1 --", "<script>", "김" * 100, "\u202e", "0" * 100])
def test_odd_names_find_nothing_and_break_nothing(
    bills: tuple[Bill, Bill], public_client: FaceClient, hostile: str
) -> None:
    answer = ask(public_client, bills[0], name=hostile)
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode().replace("<script src", "")
