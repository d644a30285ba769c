"""The advocate's desk, and papers that the tax bureau reads by no door."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection

from accounts.access import Role
from accounts.models import Taxpayer
from appeals.models import Case, Entry, Talk
from appeals.services import papers, pool
from appeals.services.advocate_letters import write_to_advocates
from appeals.states import Event, Outcome
from core import clock
from core.db.session import session_secret
from tests.appeals.beside_cast import an_advocate, draw
from tests.appeals.cast import Court, Petitioner, a_petitioner, days_ago, today
from tests.appeals.test_beside import site_of
from tests.appeals.test_pages import browser_of, text_of
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole

SECRETS = ("draft-of-mine", "note-of-mine", "letter-to-them", "letter-from-them")
TABLES = ("appeals_advocatebrief", "appeals_advocatenote", "appeals_talk", "appeals_timespent")


@pytest.fixture
def kim(as_role: AsRole, court: Court) -> Desk:
    return an_advocate(as_role, court, "kim")


@pytest.fixture
def case(petitioner: Petitioner, court: Court, kim: Desk) -> Case:
    found = petitioner.files()
    draw(court)
    return found


@pytest.fixture
def written(case: Case, petitioner: Petitioner, kim: Desk) -> Case:
    """A case with a draft, a note, letters both ways, and time."""
    desk = site_of(kim)
    page = f"/appeals/advocate/{case.pk}/"
    for path, typed in (
        ("brief/", {"text": "draft-of-mine", "do": "keep"}),
        ("note/", {"text": "note-of-mine"}),
        ("write/", {"whom": "petitioner", "text": "letter-to-them"}),
        ("time/", {"day": today().isoformat(), "minutes": "45", "work": "reading"}),
    ):
        assert desk.post(page + path, typed)["Location"] == page
    own = browser_of(petitioner)
    assert own.post(f"/appeals/{case.pk}/advocate/write/", {"text": "letter-from-them"}).status_code == 302
    return case


def rows_seen(desk: Desk, table: str) -> list[tuple[Any, ...]]:
    """All of a table that a session gets by plain SQL."""
    with desk.as_role("office"), session_secret(desk.secret), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return list(cursor.fetchall())


def without_what_was_typed(page: str) -> str:
    """A search field and the links of the page's own address show what was searched for."""
    return re.sub(r'="[^"]*"', "", page)


def test_the_advocate_has_all_of_it_on_the_desk(written: Case, petitioner: Petitioner, kim: Desk) -> None:
    desk = site_of(kim)
    first = text_of(desk.get("/appeals/advocate/"))
    assert str(written.number) in first
    assert "신청인이 편지를 썼습니다" in first
    page = text_of(desk.get(f"/appeals/advocate/{written.pk}/"))
    for shown in (*SECRETS, "The car was sold before the tax arose.", "45분"):
        assert shown in page
    own = text_of(browser_of(petitioner).get(f"/appeals/{written.pk}/advocate/"))
    assert "letter-to-them" in own
    assert "letter-from-them" in own
    assert "draft-of-mine" not in own
    assert "note-of-mine" not in own


BUREAU = (
    (Role.ASSESSOR, "11110"),
    (Role.COLLECTOR, "11110"),
    (Role.ASSESSOR, "11000"),
    (Role.APPROVER, "11000"),
    (Role.COURT_CLERK, "11000"),
    (Role.COURT_CLERK, "11110"),
    (Role.CHAIR, "11000"),
    (Role.COMMITTEE_MEMBER, "11000"),
    (Role.AUDITOR, "11000"),
    (Role.ADMINISTRATOR, "11000"),
    (Role.SPECIAL_TAX_ADVOCATE, "11000"),
)


def test_nobody_of_the_bureau_reads_it_by_any_door(written: Case, court: Court, as_role: AsRole) -> None:
    pages = (
        f"/appeals/{written.pk}/",
        f"/appeals/advocate/{written.pk}/",
        "/appeals/advocate/",
        "/appeals/",
        f"/appeals/?q={written.number}",
        "/appeals/advocates/",
        "/appeals/advocates/fairness.json",
        "/documents/?text=draft-of-mine",
        "/taxpayers/?text=note-of-mine",
        "/audit/",
    )
    for number, (role, body) in enumerate(BUREAU):
        desk = a_desk(as_role, f"bureau{number}@example.kr", role, body=body)
        for table in TABLES:
            assert rows_seen(desk, table) == [], (role, table)
        site = site_of(desk)
        for page in pages:
            told = without_what_was_typed(text_of(site.get(page, follow=True)))
            assert not [secret for secret in SECRETS if secret in told], (role, page)
        for path in ("brief/", "note/", "write/", "time/"):
            assert site.post(f"/appeals/advocate/{written.pk}/{path}", {"text": "x"}).status_code in (403, 404)


def test_sql_without_an_officer_gets_nothing_and_the_worker_reads_no_word(written: Case, as_role: AsRole) -> None:
    for face in ("office", "public"):
        with as_role(face), connection.cursor() as cursor:
            for table in TABLES:
                try:
                    cursor.execute(f"SELECT count(*) FROM {table}")
                except DatabaseError:
                    continue
                assert cursor.fetchone() == (0,), (face, table)
    for column in ("text", "*"):
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f"SELECT {column} FROM appeals_talk")
    for table in ("appeals_advocatebrief", "appeals_advocatenote", "appeals_timespent"):
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f"SELECT * FROM {table}")


def test_who_left_the_case_reads_its_papers_no_more_and_the_next_one_reads_none_of_theirs(
    written: Case, petitioner: Petitioner, court: Court, kim: Desk, as_role: AsRole
) -> None:
    park = an_advocate(as_role, court, "park")
    petitioner.does(lambda: pool.ask_another(case_id=written.pk, reason="", at=clock.now()))
    draw(court)
    for desk in (kim, park):
        for table in TABLES:
            assert rows_seen(desk, table) == []
    page = text_of(site_of(park).get(f"/appeals/advocate/{written.pk}/"))
    assert not [secret for secret in SECRETS if secret in page]
    own = text_of(browser_of(petitioner).get(f"/appeals/{written.pk}/advocate/"))
    assert "letter-to-them" in own


def test_a_filed_brief_is_for_petitioner_and_court_and_stays(
    case: Case, petitioner: Petitioner, court: Court, kim: Desk
) -> None:
    desk, page = site_of(kim), f"/appeals/advocate/{case.pk}/"
    assert desk.post(f"{page}brief/", {"text": "", "do": "file"}).status_code == 422
    assert desk.post(f"{page}brief/", {"text": "half", "do": "keep"}).status_code == 302
    assert desk.post(f"{page}brief/", {"text": "The levy is wrong.", "do": "file"}).status_code == 302
    assert Entry.objects.get(case=case, event=Event.BRIEF).side == "advocate"
    assert "The levy is wrong." in text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/advocate/"))
    for reader in (court.clerk, court.chair):
        assert "The levy is wrong." in text_of(site_of(reader).get(f"/appeals/{case.pk}/"))
    levying = text_of(site_of(court.assessor).get(f"/appeals/{case.pk}/"))
    assert "The levy is wrong." not in levying
    assert "의견서를 냈습니다" in levying
    assert rows_seen(court.assessor, "appeals_advocatebrief") == []
    assert desk.post(f"{page}brief/", {"text": "One more.", "do": "file"}).status_code == 302
    assert text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/advocate/")).count("The levy is wrong.") == 1


def test_a_question_to_the_levying_office_is_on_its_desk_and_replied_to_once(
    case: Case, petitioner: Petitioner, court: Court, kim: Desk, as_role: AsRole
) -> None:
    desk, page = site_of(kim), f"/appeals/advocate/{case.pk}/"
    assert desk.post(f"{page}write/", {"whom": "office", "text": "Which day was it sold?"}).status_code == 302
    levying = site_of(court.assessor)
    assert "답변을 기다리는 세무변호인" in text_of(levying.get("/appeals/"))
    assert "Which day was it sold?" in text_of(levying.get(f"/appeals/{case.pk}/"))
    address = f"/appeals/{case.pk}/questions/{Talk.objects.values_list('pk', flat=True).get()}/"
    far = a_desk(as_role, "far@example.kr", Role.ASSESSOR, body="11140")
    assert site_of(far).post(address, {"text": "x"}).status_code == 404
    assert levying.post(address, {"text": ""}).status_code == 422
    assert levying.post(address, {"text": "On 3 May."}).status_code == 302
    assert levying.post(address, {"text": "On 4 May."}).status_code == 422
    assert [line.text for line in Entry.objects.filter(case=case, event__in=("asked", "replied")).order_by("pk")] == [
        "Which day was it sold?",
        "On 3 May.",
    ]
    assert "On 3 May." in text_of(desk.get(page))
    assert "On 3 May." in text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/"))


def test_each_is_told_that_the_other_wrote_and_the_letter_says_no_more(
    written: Case, petitioner: Petitioner, kim: Desk
) -> None:
    Taxpayer.objects.filter(pk=petitioner.bill.taxpayer_id).update(email="known@example.kr")
    mail.outbox.clear()
    write_to_advocates(at=clock.now())
    to = [address for one in mail.outbox for address in one.to]
    assert to.count("known@example.kr") == 1
    assert to.count("kim@example.kr") == 2  # the case, and the petitioner's letter
    assert not [one for one in mail.outbox if any(secret in one.body for secret in SECRETS)]
    assert write_to_advocates(at=clock.now()) == 0


def test_time_is_never_less_than_nothing_nor_more_than_a_day(written: Case, kim: Desk) -> None:
    desk, address = site_of(kim), f"/appeals/advocate/{written.pk}/time/"
    day = today().isoformat()
    for minutes, on, status in (
        (-45, day, 302),
        (-1, day, 422),
        (1441, day, 422),
        (0, day, 422),
        (30, "2099-01-01", 422),
    ):
        assert desk.post(address, {"day": on, "minutes": str(minutes), "work": "brief"}).status_code == status, minutes
    assert desk.post(address, {"day": days_ago(1).isoformat(), "minutes": "1440", "work": "brief"}).status_code == 302
    assert desk.post(address, {"day": days_ago(1).isoformat(), "minutes": "1", "work": "brief"}).status_code == 422


def test_after_the_ruling_nothing_is_filed_or_asked(
    case: Case, petitioner: Petitioner, court: Court, kim: Desk
) -> None:
    court.rules(case, Outcome.REJECTED)
    desk, page = site_of(kim), f"/appeals/advocate/{case.pk}/"
    with pytest.raises(papers.CaseIsOver):
        kim.does(lambda: papers.write_brief(case_id=case.pk, text="late", filing=True, at=clock.now()))
    assert desk.post(f"{page}write/", {"whom": "office", "text": "x"}).status_code == 422
    assert desk.post(f"{page}write/", {"whom": "petitioner", "text": "It is over."}).status_code == 302
    assert "It is over." in text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/advocate/"))


def test_a_strangers_letter_reaches_nobody(case: Case, as_role: AsRole, kim: Desk) -> None:
    stranger = a_petitioner(as_role)
    with pytest.raises(papers.NobodyBeside):
        stranger.does(lambda: papers.write_advocate(case_id=case.pk, text="x", at=clock.now()))
    with ExitStack() as stack, pytest.raises(DatabaseError):
        stack.enter_context(as_role("public"))
        stack.enter_context(session_secret(stranger.secret))
        with connection.cursor() as cursor:
            cursor.execute("SELECT appeals_write_to(%s, 'petitioner', 'x', now())", [case.pk])
