"""Finding a bill without an account: by the database's own function, as the public face's login."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from billing import selectors, services
from billing.models import Bill, BillReplacement
from core.db.session import session_secret
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient

from .conftest import AT, Officers, csv_of
from .life import act
from .test_payments_on_bills import day

NAME, BORN = "김가나", date(1869, 3, 2)


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    other = {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "taxpayer_name": "이다라"}
    issued(csv_of({}, other | {"resident_number": "700101-0000001"}))
    return Bill.objects.get(roll_ref="CAR-1")


@contextmanager
def visitor(as_role: AsRole) -> Iterator[None]:
    """A new visitor's session on the public face."""
    with as_role("public"), session_secret(secrets.token_urlsafe(32)):
        yield


def find(number: str, name: str | None = None, born: date | None = None, where: str = "192.0.2.1") -> int | None:
    found = selectors.find_bill(epay_number=number, name=name, born=born, visitor=where)
    return -1 if found.wait else -2 if found.both else found.bill_id


def my_bills() -> list[int]:
    with transaction.atomic():
        return [bill.id for bill in selectors.my_bills(at=AT)]


@pytest.mark.parametrize(("name", "born"), [(NAME, None), (f" {NAME} ", None), (None, BORN), (NAME, BORN)])
def test_number_and_name_or_birth_date_find_the_bill_and_only_it(
    bill: Bill, as_role: AsRole, name: str | None, born: date | None
) -> None:
    with visitor(as_role):
        assert my_bills() == []
        assert find(bill.epay_number, name, born) == bill.pk
        assert my_bills() == [bill.pk]
        with transaction.atomic():
            assert selectors.bill_detail(bill_id=bill.pk, at=AT).epay_number == bill.epay_number


@pytest.mark.parametrize(
    ("name", "born"), [("이다라", None), (None, date(1869, 3, 3)), (NAME, date(1990, 1, 1)), (None, None)]
)
def test_a_wrong_name_and_an_unknown_number_get_one_answer(
    bill: Bill, as_role: AsRole, name: str | None, born: date | None
) -> None:
    with visitor(as_role):
        assert find(bill.epay_number, name, born) == find("1" * 19, name, born) is None
        assert my_bills() == []


def test_another_session_sees_nothing_of_what_was_found(bill: Bill, as_role: AsRole) -> None:
    with visitor(as_role):
        find(bill.epay_number, NAME)
    with visitor(as_role):
        assert my_bills() == []
        with pytest.raises(selectors.NoSuchBill), transaction.atomic():
            selectors.bill_detail(bill_id=bill.pk, at=AT)


def test_after_ten_failures_of_a_visitor_even_the_right_answer_waits(bill: Bill, as_role: AsRole) -> None:
    for number in range(10):
        with visitor(as_role):
            assert find(f"{number:019d}", "아무개") is None
    with visitor(as_role):
        assert find(bill.epay_number, NAME) == -1
        assert find(bill.epay_number, NAME, where="203.0.113.9") == bill.pk


def test_a_session_is_counted_wherever_it_says_it_comes_from(bill: Bill, as_role: AsRole) -> None:
    with visitor(as_role):
        for number in range(10):
            assert find(f"{number:019d}", "아무개", where=f"192.0.2.{number}") is None
        assert find(bill.epay_number, NAME, where="203.0.113.9") == -1


@pytest.mark.parametrize("known", [True, False])
def test_strangers_who_try_a_number_shut_nobody_out_who_knows_name_and_birth_date(
    bill: Bill, as_role: AsRole, known: bool
) -> None:
    number = bill.epay_number if known else "1" * 19
    for place in range(10):
        with visitor(as_role):
            assert find(number, "아무개", where=f"192.0.2.{place}") is None
    with visitor(as_role):
        assert find(number, NAME, where="198.51.100.1") == -2
        assert find(number, None, BORN, where="198.51.100.1") == -2
        assert find(number, NAME, date(1990, 1, 1), where="198.51.100.1") is None
        assert find(number, NAME, BORN, where="198.51.100.1") == (bill.pk if known else None)


def failures(count: int, number: str = "x") -> None:
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute(
            "INSERT INTO billing_lookup (visitor_mark, number_mark, found) "
            "SELECT n::text, encode(sha256(convert_to(%s, 'UTF8')), 'hex'), false FROM generate_series(1, %s) AS n",
            [number, count],
        )


def test_when_the_whole_city_is_tried_both_are_needed_everywhere(bill: Bill, as_role: AsRole) -> None:
    failures(5_000)
    with visitor(as_role):
        assert find(bill.epay_number, NAME) == -2
        assert find(bill.epay_number, NAME, BORN) == bill.pk


def test_one_number_is_tried_three_hundred_times_at_most(bill: Bill, as_role: AsRole) -> None:
    failures(300, bill.epay_number)
    with visitor(as_role):
        assert find(bill.epay_number, NAME, BORN) == -1


def test_a_question_that_is_taken_back_is_not_answered(bill: Bill, as_role: AsRole) -> None:
    question = [bill.epay_number, NAME, None]
    ask, answer = "SELECT billing_ask_for_bill(%s, %s, %s, '')", "SELECT billing_find_bill(%s, %s, %s, %s)"
    with visitor(as_role), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="once it is committed"), transaction.atomic():
            cursor.execute(ask, question)
            cursor.execute(answer, [cursor.fetchone()[0], *question])
        with transaction.atomic():
            cursor.execute(ask, question)
            lookup = cursor.fetchone()[0]
        with transaction.atomic():
            cursor.execute(answer, [lookup, bill.epay_number, "이다라", None])
            assert cursor.fetchone()[0] == -1


def test_without_a_session_nothing_is_looked_up(bill: Bill, as_role: AsRole) -> None:
    with as_role("public"), pytest.raises(DatabaseError, match="for a session"), transaction.atomic():
        find(bill.epay_number, NAME)


@pytest.mark.parametrize(
    "table",
    ["billing_levyroll", "billing_rollrow", "billing_rollproblem", "billing_lookup", "billing_sessionbill"],
)
def test_the_public_face_reads_no_roll_and_no_lookups(bill: Bill, as_role: AsRole, table: str) -> None:
    with visitor(as_role), connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute(f"SELECT count(*) FROM {table}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_bill SET amount = 1",
        "INSERT INTO billing_billpayment (bill_id) VALUES (1)",
        "INSERT INTO billing_sessionbill (session_mark, bill_id, expires_at) VALUES ('x', 1, now())",
        "SELECT billing_apply_payment(1, 1, now(), 'x')",
    ],
)
def test_the_public_face_changes_nothing_about_bills(bill: Bill, as_role: AsRole, statement: str) -> None:
    with visitor(as_role), connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute(statement)


def test_naming_another_session_or_taxpayer_shows_nothing(bill: Bill, as_role: AsRole) -> None:
    with visitor(as_role), connection.cursor() as cursor:
        for name, value in (("etax.session", "somebody else's"), ("etax.taxpayer", str(bill.taxpayer_id))):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        assert my_bills() == []


def test_intake_reads_no_bill(bill: Bill, as_role: AsRole) -> None:
    with as_role("intake"), connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute("SELECT count(*) FROM billing_bill")


def test_the_number_of_a_bill_that_was_replaced_leads_to_the_one_in_its_place(
    bill: Bill, officers: Officers, as_role: AsRole, public_client: FaceClient
) -> None:
    """Twice replaced, and still found by the first number; with a wrong name it is not."""
    old = bill
    for on in ("2026-06-15", "2026-06-20"):
        asked = services.reissue_bill(bill_id=old.pk, **act(officers.uploader, on))
        services.carry_out(change_id=asked.change_id, at=day(on))
        old = BillReplacement.objects.get(old=old).new
    with visitor(as_role):
        assert find(bill.epay_number, "이다라") is None
        assert find(bill.epay_number, NAME) == find(old.epay_number, NAME) == old.pk
        assert my_bills() == [old.pk]
    typed = {"epay_number": bill.epay_number, "name": NAME}
    shown = public_client.post("/bills/find/", typed, headers={"Accept-Language": "en"}, follow=True)
    assert f"/bills/{old.pk}/" in shown.redirect_chain[0][0]
    assert "This is the bill in its place: pay this one." in shown.content.decode()
