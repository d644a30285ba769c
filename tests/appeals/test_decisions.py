"""A served ruling is published with nobody in it, found by its words, cited, and corrected in the open."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from accounts.models import TaxpayerAddress
from appeals.decision_states import DecisionGround
from appeals.models import Case, Publication, PublishedCase
from appeals.selectors.publishing import proposal, to_publish
from appeals.services import NotYoursToDo
from appeals.services.publish import PublicText, SayWhyCorrected, StillNames, publish
from appeals.states import Outcome
from core import clock
from core.models import AuditRecord
from tests.appeals.bench_cast import as_owner
from tests.appeals.cast import Court, Petitioner, a_petitioner, today
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.payments.cast import a_bill
from tests.payments.racing import at_once
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.database import AsRole
from tests.support.faces import FaceClient
from tests.support.live import ServeFace

TEXT = PublicText(
    ground=DecisionGround.OBJECT,
    gist_ko="매도한 차량에 대한 자동차세부과처분은 위법하다.",
    gist_en="Automobile tax on a vehicle that was sold is void.",
    claims="신청인은 차량을 이미 팔았다.",
    reasons="과세기준일 현재 소유자가 아니므로 취소한다.",
)


@pytest.fixture
def served(petitioner: Petitioner, court: Court) -> Case:
    case = petitioner.files()
    court.drafts(case, Outcome.CANCELLED, reasons=f"{petitioner.bill.payer} owes no 52,000 won.")
    court.signs(case)
    court.serves(case)
    return Case.objects.get(pk=case.pk)


def publishes(court: Court, case: Case, text: PublicText = TEXT, **other: Any) -> Any:
    says = dataclasses.replace(text, **other)
    return court.clerk.does(lambda: publish(case_id=case.pk, says=says, officer_id=court.clerk.id, at=clock.now()))


def test_the_proposal_names_nobody_and_what_is_published_says_who_did_it(
    served: Case, petitioner: Petitioner, court: Court
) -> None:
    proposed = court.clerk.does(lambda: proposal(served.pk))
    assert petitioner.bill.payer not in proposed.initial["reasons"]
    assert "52,000" not in proposed.initial["reasons"]
    publishes(court, served)
    row = Publication.objects.get()
    assert (row.year, row.number, row.version, row.published_by_id) == (today().year, 1, 1, court.clerk.id)
    assert AuditRecord.objects.get(action="appeal.decision_published").actor_id == court.clerk.id


def test_what_the_case_is_known_by_is_refused_however_it_is_written(
    served: Case, petitioner: Petitioner, court: Court
) -> None:
    as_owner(
        "INSERT INTO accounts_taxpayeraddress (taxpayer_id, text, starts_on) VALUES (%s, %s, '1990-01-01')",
        petitioner.bill.taxpayer_id, "보기시 보기로 7-1, 3층",
    )  # fmt: skip
    assert TaxpayerAddress.objects.exists()
    as_owner(
        "INSERT INTO appeals_counselrequest (case_id, person, yearly, owned, status, asked_by_id, asked_at, "
        "decided_by_id, decided_at, because, name, contact) "
        "VALUES (%s, 'individual', 0, 0, 'given', %s, now(), %s, now(), '', %s, '')",
        served.pk, court.clerk.id, court.clerk.id, "김대리",
    )  # fmt: skip
    name, number = petitioner.bill.payer, petitioner.bill.epay_number
    for telling, kind in (
        (" ".join(name.upper()), "name"),
        (f"{number[:7]}-{number[7:]}", "bill"),
        ("５２，０００원", "sum"),
        ("1850년 3월 1일", "birth"),
        ("March 1, 1850", "birth"),
        ("보기로 7 - 1", "address"),
        ("김 대 리", "advocate"),
        (str(served.number), "case"),
        ("500301-1234567", "resident"),
        ("010 1234 5678", "phone"),
        ("who@example.kr", "email"),
    ):
        for part in ("reasons", "gist_ko", "claims", "gist_en"):
            changed: dict[str, Any] = {part: f"x {telling} y"}
            with pytest.raises(StillNames) as refused:
                publishes(court, served, **changed)
            assert kind in refused.value.kinds, telling
    assert not Publication.objects.exists()
    publishes(court, served, reasons="152,000대 가운데 1대")  # a longer number is another


def test_the_database_itself_lets_nothing_through(served: Case, petitioner: Petitioner, court: Court) -> None:
    publishes(court, served)
    copied = (
        "INSERT INTO appeals_publication (year, number, version, tax, tax_ko, tax_en, ground, outcome, wish, "
        "decided_year, gist_ko, gist_en, claims, reasons, stems, history, published_on, published_by_id, "
        "published_at, replaced_on) "
        "SELECT year, %s, 9, tax, tax_ko, tax_en, ground, outcome, wish, decided_year, gist_ko, '', claims, %s, %s, "
        "'[]', published_on, published_by_id, published_at, published_on FROM appeals_publication"
    )
    for number, reasons, stems in ((1, petitioner.bill.payer, ""), (1, "x", petitioner.bill.payer), (2, "x", "")):
        with pytest.raises(Exception, match=r"tells who|no served ruling"):
            as_owner(copied, number, reasons, stems)
    for change in ("reasons = 'y'", "words = NULL", "number = 7"):
        with pytest.raises(Exception, match=r"stays as it is|append-only"):
            as_owner(f"UPDATE appeals_publication SET {change}")
    with pytest.raises(Exception, match=r"append-only"):
        as_owner("DELETE FROM appeals_publication")


def test_before_it_is_served_and_by_others_nothing_is_published(
    petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    case = petitioner.files()
    court.drafts(case, Outcome.DISMISSED)
    court.signs(case)
    with pytest.raises(NotYoursToDo):
        publishes(court, case)
    assert court.clerk.does(lambda: proposal(case.pk)) is None
    court.serves(case)
    for desk in (court.chair, court.assessor):
        with pytest.raises(NotYoursToDo):
            desk.does(lambda: publish(case_id=case.pk, says=TEXT, officer_id=court.chair.id, at=clock.now()))
        assert desk.does(lambda: as_known(case.pk)) == 0
    publishes(court, case)
    with as_role("public"):
        for query in ("SELECT * FROM appeals_publishedcase", "SELECT published_by_id FROM appeals_publication"):
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute(query)


def as_known(case_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM appeals_to_black_out(%s)", [case_id])
        return int(cursor.fetchall()[0][0])


def test_a_correction_is_a_new_version_which_names_the_former(
    served: Case, court: Court, public_client: FaceClient
) -> None:
    place = publishes(court, served)
    with pytest.raises(SayWhyCorrected):
        publishes(court, served, reasons="고친 이유")
    again = publishes(court, served, reasons="고친 이유", because="A date was wrong.")
    assert (again.year, again.number, again.version) == (place.year, place.number, 2)
    address = f"/decisions/{place.year}-{place.number}/"
    page = text_of(public_client.get(address))
    assert "고친 이유" in page
    assert "A date was wrong." in page
    assert TEXT.reasons not in page
    told = public_client.get(address + "decision.json").json()
    assert (told["version"], told["history"][0]["version"]) == (2, 1)
    assert public_client.get("/decisions/1999-1/").status_code == 404
    assert public_client.get("/decisions/99999999999999-99999999999999/").status_code == 404


def test_decisions_are_found_by_words_tax_ground_outcome_and_year(
    served: Case, court: Court, as_role: AsRole, public_client: FaceClient
) -> None:
    publishes(court, served)
    other = a_petitioner(as_role, a_bill(levy="property"))
    dismissed = other.files()
    dismissed = court.rules(dismissed, Outcome.DISMISSED)
    late = PublicText(ground=DecisionGround.TERM, gist_ko="기간을 지났다.", claims="없음", reasons="청구기간 경과")
    publishes(court, dismissed, late)

    def found(**asked: Any) -> list[str]:
        return [
            one["cite"].split("-")[1]
            for one in public_client.get("/decisions/decisions.json", asked).json()["decisions"]
        ]

    assert found() == ["2", "1"]
    for words in ("처분을", "자동차세", "자동차세 취소", "팔았던", "차량", "vehicles", "VOID tax"):
        assert found(q=words) == ["1"], words
    assert found(q="취득세") == found(q="차량 기간") == []
    assert found(ground="term") == found(outcome="dismissed") == found(tax="property") == ["2"]
    assert found(year=today().year, q="경과") == ["2"]
    for words in ("' | !", "a:*&", "&&&", "%", "-- ;", "\u200b"):
        assert public_client.get("/decisions/", {"q": words}).status_code == 200
    for wrong in ({"tax": "nothing"}, {"year": "x"}, {"q": "x" * 101}):
        assert public_client.get("/decisions/", wrong).status_code == 422
        assert public_client.get("/decisions/decisions.json", wrong).status_code == 422
    page = text_of(public_client.get("/decisions/", {"q": "차량", "page": "900"}))
    assert TEXT.gist_ko in page
    assert other.bill.payer not in page


def test_the_clerks_desk_publishes_and_reddens_what_is_late(served: Case, petitioner: Petitioner, court: Court) -> None:
    clerk, address = office_of(court.clerk), f"/appeals/{served.pk}/publish/"
    assert str(served.number) in text_of(clerk.get("/appeals/to-publish/"))
    assert address in text_of(clerk.get(f"/appeals/{served.pk}/"))
    waits = court.clerk.does(lambda: [to_publish(at=clock.now() + timedelta(days=days))[0] for days in (0, 23, 31)])
    assert [(one.left, one.red) for one in waits] == [(30, False), (7, True), (-1, True)]
    typed = {**dataclasses.asdict(TEXT), "ground": "object"}
    refused = clerk.post(address, {**typed, "reasons": f"Kept: {petitioner.bill.payer}"})
    assert refused.status_code == 422
    assert "Kept:" in text_of(refused)
    assert clerk.post(address, typed).status_code == 302
    assert str(served.number) not in text_of(clerk.get("/appeals/to-publish/"))
    assert clerk.post(address, typed).status_code == 422, "published: why is it corrected?"
    assert clerk.get("/appeals/999999/publish/").status_code == 404
    assert office_of(court.chair).get(address).status_code == 403
    assert text_of(browser_of(petitioner).get("/decisions/"))


def test_two_clerks_publish_once(served: Case, court: Court, database_name: str) -> None:
    def work(as_role: AsRole) -> bool:
        desk = dataclasses.replace(court.clerk, as_role=as_role)
        try:
            desk.does(lambda: publish(case_id=served.pk, says=TEXT, officer_id=desk.id, at=clock.now()))
        except SayWhyCorrected:
            return False
        return True

    assert sorted(at_once(database_name, [work, work])) == [False, True]
    assert PublishedCase.objects.count() == Publication.objects.count() == 1


@pytest.mark.browser
@pytest.mark.socket
@pytest.mark.needs("chromium")
@pytest.mark.timeout(300)
def test_decisions_in_a_browser(served: Case, court: Court, serve_face: ServeFace, visitor: NewVisitor) -> None:
    publishes(court, served, gist_en="")
    publishes(court, served, gist_en="", because="날짜를 바로잡음")
    public, office = serve_face("public"), serve_face("office")
    for language, place in zip(LANGUAGES, ("to-publish/", f"{served.pk}/publish/"), strict=True):
        context = visitor(language)
        context.add_cookies([{"name": "office_session", "value": court.clerk.secret, "url": office}])
        page = context.new_page()
        heard = complaints(page)
        for address in (f"{public}/decisions/", f"{public}/decisions/{today().year}-1/", f"{office}/appeals/{place}"):
            page.goto(address)
            assert faults(page) == []
        assert heard == []
