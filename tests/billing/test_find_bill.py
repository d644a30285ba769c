"""Finding a bill without an account: by the database's own function, as the public face's login."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from billing import selectors
from billing.models import Bill
from core.db.session import session_secret
from tests.support.database import AsRole

from .conftest import AT, csv_of

NAME, BORN = "김가나", date(1869, 3, 2)


@pytest.fixture
def bill(issued: Callable[[str], int]) -> Bill:
    other = {"roll_ref": "CAR-2", "vehicle_number": "123가4568", "taxpayer_name": "이다라"}
    issued(csv_of({}, other | {"resident_number": "700101-0000001"}))
    return Bill.objects.get(roll_ref="CAR-1")


@contextmanager
def visitor(as_role: AsRole) -> Iterator[None]:
    """A new visitor's session on the public face, in one transaction."""
    with as_role("public"), session_secret(secrets.token_urlsafe(32)), transaction.atomic():
        yield


def find(number: str, name: str | None = None, born: date | None = None, where: str = "192.0.2.1") -> int | None:
    found = selectors.find_bill(epay_number=number, name=name, born=born, visitor=where)
    return -1 if found.wait else found.bill_id


@pytest.mark.parametrize(("name", "born"), [(NAME, None), (f" {NAME} ", None), (None, BORN), (NAME, BORN)])
def test_number_and_name_or_birth_date_find_the_bill_and_only_it(
    bill: Bill, as_role: AsRole, name: str | None, born: date | None
) -> None:
    with visitor(as_role):
        assert selectors.my_bills(at=AT) == []
        assert find(bill.epay_number, name, born) == bill.pk
        assert [found.id for found in selectors.my_bills(at=AT)] == [bill.pk]
        assert selectors.bill_detail(bill_id=bill.pk, at=AT).epay_number == bill.epay_number


@pytest.mark.parametrize(
    ("name", "born"), [("이다라", None), (None, date(1869, 3, 3)), (NAME, date(1990, 1, 1)), (None, None)]
)
def test_a_wrong_name_and_an_unknown_number_get_one_answer(
    bill: Bill, as_role: AsRole, name: str | None, born: date | None
) -> None:
    with visitor(as_role):
        assert find(bill.epay_number, name, born) == find("1" * 19, name, born) is None
        assert selectors.my_bills(at=AT) == []


def test_another_session_sees_nothing_of_what_was_found(bill: Bill, as_role: AsRole) -> None:
    with visitor(as_role):
        find(bill.epay_number, NAME)
    with visitor(as_role):
        assert selectors.my_bills(at=AT) == []
        with pytest.raises(selectors.NoSuchBill):
            selectors.bill_detail(bill_id=bill.pk, at=AT)


@pytest.mark.parametrize("same", ["visitor", "number"])
def test_after_ten_failures_even_the_right_answer_waits(bill: Bill, as_role: AsRole, same: str) -> None:
    for number in range(10):
        with visitor(as_role):
            where = "192.0.2.1" if same == "visitor" else f"192.0.2.{number}"
            wanted = bill.epay_number if same == "number" else f"{number:019d}"
            assert find(wanted, "아무개", where=where) is None
    with visitor(as_role):
        assert find(bill.epay_number, NAME, where="192.0.2.1" if same == "visitor" else "198.51.100.1") == -1
    with visitor(as_role):
        assert find("7" * 19, NAME, where="203.0.113.9") is None


def test_an_unknown_number_is_limited_like_a_known_one(bill: Bill, as_role: AsRole) -> None:
    for number in range(11):
        with visitor(as_role):
            answer = find("1" * 19, NAME, where=f"192.0.2.{number}")
    assert answer == -1


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
        assert selectors.my_bills(at=AT) == []


def test_intake_reads_no_bill(bill: Bill, as_role: AsRole) -> None:
    with as_role("intake"), connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute("SELECT count(*) FROM billing_bill")
