"""The treasurer opens a day and sees whether it agrees, takes what differs, and says how it is explained."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.enums import Role
from core.db.session import session_secret
from payments.models import Difference
from payments.reconcile.business_day import business_days
from payments.reconcile.distribute import distribute
from tests.accounts.people import officer, sign_in
from tests.billing.people import officer_session
from tests.payments.days import MONDAY, TUESDAY, close, gateway_tells, on, sale, settled
from tests.support.database import AsRole
from tests.support.faces import FaceClient

DAY = f"/payments/days/{MONDAY}/"


@pytest.fixture
def treasurer(office_client: FaceClient, db: None) -> FaceClient:
    sign_in(office_client, officer("treasurer@example.com", Role.TREASURER))
    return office_client


def page(client: FaceClient, path: str, *, status: int = 200) -> str:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def test_a_day_that_agrees_says_so(treasurer: FaceClient) -> None:
    paid = sale(at=on(MONDAY))
    assert "Not compared yet" in page(treasurer, DAY)
    gateway_tells(settled(paid.movement_id, paid.amount, sold=MONDAY))
    close(MONDAY)
    assert "Agrees" in page(treasurer, DAY)


def test_what_differs_is_taken_and_resolved_with_a_note(treasurer: FaceClient) -> None:
    paid = sale(at=on(MONDAY))
    close(MONDAY)
    shown = page(treasurer, DAY)
    assert "the gateway does not settle it" in shown
    assert "52,000" in shown
    found = Difference.objects.get()
    address = f"/payments/differences/{found.pk}/"
    assert paid.movement_id in page(treasurer, address)
    assert treasurer.post(address, {"note": "mine already?"}).status_code == 422
    assert treasurer.post(f"{address}take/").status_code == 302
    assert treasurer.post(address, {"note": ""}).status_code == 422
    assert treasurer.post(address, {"note": "The gateway pays it in July."}).status_code == 302
    assert "Agrees" in page(treasurer, DAY)
    close(MONDAY)
    assert Difference.objects.get().status == "resolved"
    gateway_tells(settled(paid.movement_id, 1_000, sold=MONDAY))
    close(MONDAY)
    assert "Differs" in page(treasurer, DAY)
    file = treasurer.get(f"{DAY}differences.csv", headers={"Accept-Language": "en"})
    assert "another amount" in file.content.decode("utf-8-sig")


def test_the_list_of_days_and_the_distribution_open(treasurer: FaceClient) -> None:
    assert page(treasurer, "/payments/days/").count("Not compared yet") == 30
    sale(at=on(MONDAY))
    distribute(span=business_days(on=MONDAY).span(MONDAY), at=on(TUESDAY))
    shown = page(treasurer, f"/payments/distribution/?day={MONDAY}")
    assert "50,440" in shown
    assert "1,560" in shown
    file = treasurer.get(f"/payments/distribution.csv?day={MONDAY}", headers={"Accept-Language": "ko"})
    assert "징수교부금" in file.content.decode("utf-8-sig")
    for wrong in ("/payments/days/soon/", "/payments/differences/999999/"):
        page(treasurer, wrong, status=404)
    page(treasurer, "/payments/distribution/?day=soon", status=422)


def test_a_district_sees_its_own_shares_and_no_differences(office_client: FaceClient, db: None) -> None:
    sale(at=on(MONDAY))
    sale(26_000, at=on(MONDAY), body="11140")
    distribute(span=business_days(on=MONDAY).span(MONDAY), at=on(TUESDAY))
    sign_in(office_client, officer("gu@example.com", Role.TREASURER, body="11110"))
    shown = page(office_client, f"/payments/distribution/?day={MONDAY}")
    assert "1,560" in shown
    assert "780" not in shown
    page(office_client, DAY, status=403)


def test_an_office_process_writes_no_difference_by_itself(as_role: AsRole, db: None) -> None:
    sale(at=on(MONDAY))
    close(MONDAY)
    secret = officer_session(as_role, "collector@example.kr", Role.COLLECTOR)
    pk = Difference.objects.get().pk
    with as_role("office"), session_secret(secret):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT payments_take_difference(%s, now())", [pk])
            assert cursor.fetchone()[0] is False
        for statement in (
            "UPDATE payments_difference SET status = 'closed'",
            "INSERT INTO payments_businessday (day, compared_at, unanswered) VALUES (now(), now(), '[]')",
            "DELETE FROM payments_distribution",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
