"""What a citizen sees of their points, and the treasurer of what the city owes."""

from __future__ import annotations

from datetime import date

from django.test import Client

from accounts.access import Role
from accounts.models import Taxpayer
from mileage.functions import call
from tests.billing.people import citizen_client, officer_client
from tests.mileage.world import NOON, a_taxpayer, give
from tests.payments.cast import a_bill
from tests.support.database import AsRole


def english(client: Client) -> Client:
    client.cookies["language"] = "en"
    return client


def test_a_citizen_sees_their_own_points_and_nobody_elses(as_role: AsRole) -> None:
    person = a_taxpayer()
    give(person, 1_234)
    give(a_taxpayer(), 99_999)
    page = citizen_client(as_role, person).get("/mileage/", headers={"accept-language": "en"}).content.decode()
    assert "1,234 points" in page
    assert "99,999" not in page


def test_history_names_a_bill_as_a_person_knows_it(as_role: AsRole) -> None:
    bill = a_bill()
    person = Taxpayer.objects.get(pk=bill.taxpayer_id)
    why = f'{{"bill": {bill.id}}}'
    call("mileage_credit", person.pk, "bill", f"bill:{bill.id}/1", 404, NOON.date(), date(2031, 6, 30), why, NOON)
    page = english(citizen_client(as_role, person)).get("/mileage/").content.decode()
    assert "first half of 2026" in page
    assert bill.epay_number in page
    assert "credited until" in page  # the rule that ended


def test_the_treasurer_sees_what_the_city_owes_and_takes_it_as_a_file(as_role: AsRole) -> None:
    give(a_taxpayer(), 1_500)
    client = officer_client(as_role, "treasurer@example.kr", Role.TREASURER)
    page = client.get("/mileage/?on=2026-12-31", headers={"accept-language": "en"})
    assert "1,500 won" in page.content.decode()
    rows = client.get("/mileage/liability.csv?on=2026-12-31").content.decode("utf-8-sig").splitlines()
    assert "movement,credited,,1500,1" in rows
    assert "expires,2031,held,1500,1" in rows
    assert client.get("/mileage/?on=2026-13-31").status_code == 422


def test_a_district_and_an_assessor_see_no_points(as_role: AsRole) -> None:
    assert officer_client(as_role, "d@example.kr", Role.TREASURER, body="11110").get("/mileage/").status_code == 403
    assert officer_client(as_role, "a@example.kr", Role.ASSESSOR).get("/mileage/").status_code == 403
