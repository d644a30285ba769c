"""An appointed professional beside the city's advocate: asked for under the law's conditions, decided by the clerk."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection

from appeals.advocate_states import Person
from appeals.models import Case, Entry
from appeals.services import counsel
from appeals.services.counsel import Means, NothingToDecide
from core import clock
from core.db.session import session_secret
from tests.appeals.cast import Court, Petitioner, a_petitioner
from tests.appeals.test_beside import site_of
from tests.appeals.test_pages import browser_of, text_of
from tests.payments.cast import a_bill
from tests.payments.racing import at_once
from tests.support.database import AsRole

SMALL: dict[str, Any] = {"person": "individual", "yearly": "50000000", "owned": "500000000", "unlisted": "on"}


def test_asked_for_and_appointed(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    site, address = browser_of(petitioner), f"/appeals/{case.pk}/counsel/"
    before = text_of(site.get(address))
    assert "제93조의2" in before
    assert "20,000,000" in before
    assert site.post(address, SMALL)["Location"] == address
    assert site.post(address, SMALL).status_code == 422
    clerk = site_of(court.clerk)
    assert str(case.number) in text_of(clerk.get("/appeals/")).split("선정대리인 신청")[1]
    answer = {"grants": "yes", "name": "이세무", "contact": "02-999-0000"}
    assert clerk.post(f"/appeals/{case.pk}/counsel/", {**answer, "name": ""}).status_code == 422
    assert clerk.post(f"/appeals/{case.pk}/counsel/", answer).status_code == 302
    shown = text_of(site.get(address))
    assert "이세무" in shown
    assert "02-999-0000" in shown
    assert [one.event for one in Entry.objects.filter(case=case, event__startswith="counsel").order_by("pk")] == [
        "counsel_asked",
        "counsel_given",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"yearly": "50000001"}, "50,000,000원보다 많습니다"),
        ({"owned": "500000001"}, "500,000,000원보다 많습니다"),
        ({"person": "corporate", "yearly": "300000001"}, "300,000,000원보다 많습니다"),
        ({"unlisted": ""}, "체납자 명단"),
        ({"yearly": "a lot"}, "a lot"),
    ],
)
def test_who_has_more_is_told_which_condition_is_not_met(
    petitioner: Petitioner, change: dict[str, str], said: str
) -> None:
    case = petitioner.files()
    answer = browser_of(petitioner).post(f"/appeals/{case.pk}/counsel/", SMALL | change)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_large_claim_gets_none_and_a_part_of_it_may(as_role: AsRole) -> None:
    large = a_petitioner(as_role, a_bill(tax=20_000_000, education=1))
    case = large.files()
    page = text_of(browser_of(large).get(f"/appeals/{case.pk}/counsel/"))
    assert "20,000,000원보다 큽니다" in page
    assert '<form method="post"' not in page.split("<main")[1]
    assert browser_of(large).post(f"/appeals/{case.pk}/counsel/", SMALL).status_code == 422
    part = a_petitioner(as_role, a_bill(tax=20_000_000, education=1))
    smaller = part.files(wish="reduce", wish_amount=1)
    assert browser_of(part).post(f"/appeals/{smaller.pk}/counsel/", SMALL).status_code == 302


def test_refused_with_a_reason_it_can_be_asked_for_again(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    site, address = browser_of(petitioner), f"/appeals/{case.pk}/counsel/"
    site.post(address, SMALL)
    clerk = site_of(court.clerk)
    assert clerk.post(address, {"grants": "no"}).status_code == 422
    assert clerk.post(address, {"grants": "no", "because": "no proof came"}).status_code == 302
    assert "no proof came" in text_of(site.get(address))
    assert site.post(address, SMALL).status_code == 302
    assert site.post(f"{address}withdraw/").status_code == 302
    with pytest.raises(NothingToDecide):
        decides(court, case)


def decides(court: Court, case: Case) -> None:
    court.clerk.does(
        lambda: counsel.decide_counsel(case_id=case.pk, grants=True, because="", name="x", contact="", at=clock.now())
    )


def test_what_somebody_has_is_read_by_the_clerk_only(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    browser_of(petitioner).post(f"/appeals/{case.pk}/counsel/", SMALL)
    assert "500,000,000" in text_of(site_of(court.clerk).get(f"/appeals/{case.pk}/"))
    for desk in (court.assessor, court.chair):
        assert "500,000,000" not in text_of(site_of(desk).get(f"/appeals/{case.pk}/"))
        with desk.as_role("office"), session_secret(desk.secret), connection.cursor() as cursor:
            cursor.execute("SELECT yearly, owned FROM appeals_counselrequest")
            assert cursor.fetchall() == []
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
        cursor.execute("SELECT owned FROM appeals_counselrequest")
    with pytest.raises(NothingToDecide):
        court.chair.does(
            lambda: counsel.decide_counsel(
                case_id=case.pk, grants=True, because="", name="x", contact="", at=clock.now()
            )
        )


def test_asked_twice_at_the_same_moment_it_counts_once(petitioner: Petitioner, database_name: str) -> None:
    case = petitioner.files()
    means = Means(person=Person.INDIVIDUAL, yearly=1, owned=1)

    def asks(as_role: AsRole) -> str:
        mine = Petitioner(as_role, petitioner.secret, petitioner.bill)
        try:
            mine.does(lambda: counsel.ask_counsel(case_id=case.pk, means=means, at=clock.now()))
        except counsel.CounselAsked:
            return "before"
        return "asked"

    assert sorted(at_once(database_name, [asks, asks])) == ["asked", "before"]
