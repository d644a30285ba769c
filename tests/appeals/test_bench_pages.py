"""The committee's pages: the clerk keeps it, members vote, the petitioner challenges, papers are taken along."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.access import Role
from appeals.models import BenchSeat, Commission, Member, Panel, Recusal
from appeals.services import add_file
from appeals.services.look_at_files import look_at_files
from core import clock
from receipts.services.bind_papers import Inserted, Part, Words, bind_papers
from tests.appeals.bench_cast import a_committee, a_panel, judges, some_officers, voted
from tests.appeals.cast import Court, Petitioner, today
from tests.appeals.test_files import a_picture
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.payments.test_cancellations import a_desk
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.live import ServeFace


def test_the_clerk_keeps_the_committee_and_calls_a_panel(court: Court, petitioner: Petitioner) -> None:
    case, clerk = petitioner.files(), office_of(court.clerk)
    (account,) = some_officers(1)
    page = "/appeals/committee/"
    assert str(account) in text_of(clerk.get(page))
    added = {"do": "add", "account": account, "name": "한변호", "profession": "lawyer"}
    assert clerk.post(page + "act/", {**added, "name": ""}).status_code == 422
    assert clerk.post(page + "act/", added).status_code == 302
    own = f"{page}{Member.objects.get().pk}/"
    time = {"do": "commission", "office": "member", "begins": today(), "ends": today()}
    assert clerk.post(own + "act/", {**time, "ends": "2020-01-01"}).status_code == 422
    assert clerk.post(own + "act/", time).status_code == 302
    assert clerk.post(own + "act/", time).status_code == 422, "in office already"
    ends = {"do": f"end-{Commission.objects.get().pk}", "last_day": today(), "because": "moved"}
    assert clerk.post(own + "act/", ends).status_code == 302
    assert "moved" in text_of(clerk.get(own))
    assert clerk.post(own + "act/", ends).status_code == 422, "no longer offered"
    assert office_of(court.chair).get(page).status_code == 403
    call = {"do": "call", "day": today(), "part": "am", "room": "1", "seats": 11, "cases": [case.pk]}
    assert clerk.post("/appeals/panels/call/", {**call, "cases": [999_999]}).status_code == 422
    assert clerk.post("/appeals/panels/call/", {**call, "day": "2020-01-01"}).status_code == 422
    assert clerk.post("/appeals/panels/call/", call).status_code == 302
    court.deliver()
    assert "위원장 또는 부위원장이" in text_of(clerk.get(f"/appeals/panels/{Panel.objects.get().pk}/"))


def test_a_sitting_from_attendance_to_the_vote(court: Court, petitioner: Petitioner) -> None:
    case, clerk = petitioner.files(), office_of(court.clerk)
    members = a_committee(court.chair.id)
    panel = a_panel(members, [case.pk], came=0)
    chair, vice, third = judges(court.clerk.as_role, members[:3], chair=court.chair)
    inside, desk = f"/appeals/bench/cases/{case.pk}/", "/appeals/bench/"
    room = f"/appeals/panels/{panel}/"
    assert clerk.post(room + "act/", {"do": "attendance", "there": members[:7]}).status_code == 302
    assert BenchSeat.objects.filter(came_at__isnull=False).count() == 7
    owner = browser_of(petitioner)
    assert third.name in text_of(owner.get(f"/appeals/{case.pk}/"))
    challenge = {"member": third.id, "reason": "Knows my rival."}
    assert owner.post(f"/appeals/{case.pk}/challenge/", {**challenge, "reason": ""}).status_code == 422
    assert owner.post(f"/appeals/{case.pk}/challenge/", challenge).status_code == 302
    presiding = office_of(chair.desk)
    assert presiding.post(inside + "act/", {"do": "open"}).status_code == 422, "the challenge waits"
    assert "Knows my rival." in text_of(presiding.get(desk))
    asked = Recusal.objects.get().pk
    decision = {"do": f"decide-{asked}", "granted": "no", "because": "Nothing was shown."}
    assert office_of(vice.desk).post(desk + "act/", decision).status_code == 422
    assert presiding.post(desk + "act/", decision).status_code == 302
    assert "Nothing was shown." in text_of(owner.get(f"/appeals/{case.pk}/"))
    assert presiding.post(inside + "act/", {"do": "open"}).status_code == 302
    for judge in (chair, vice, third):
        vote = {"do": "vote", "outcome": "rejected"}
        assert office_of(judge.desk).post(inside + "act/", vote).status_code == 302
    note = {"do": "note", "text": "Read page 3."}
    assert office_of(third.desk).post(inside + "act/", note).status_code == 302
    assert "Read page 3." in text_of(presiding.get(inside))
    assert presiding.post(inside + "act/", {"do": "close"}).status_code == 302
    aside = {"do": "aside", "ground": "other", "reason": "A friend."}
    assert office_of(third.desk).post(inside + "act/", aside)["Location"] == desk
    assert office_of(third.desk).get(inside).status_code == 404
    assert clerk.get(inside).status_code == 403
    away = {"do": "absent", "from_on": today(), "until_on": today()}
    assert office_of(third.desk).post(desk + "act/", away).status_code == 302
    excluded = {"do": f"recuse-{case.pk}", "member": members[5], "ground": "levied", "reason": "Signed it."}
    assert clerk.post(room + "act/", excluded).status_code == 302
    assert "5 / 11" in text_of(clerk.get(room)).replace("11명 중 5명", "5 / 11").replace("5 of 11", "5 / 11")
    assert "다른 회의를 소집합니다" in text_of(clerk.get(room)), "what to do without a quorum"
    assert "다른 회의를 소집합니다" in text_of(presiding.get(inside))
    assert presiding.post(inside + "act/", {"do": "open"}).status_code == 422
    assert clerk.post(room + "act/", {"do": f"off-{case.pk}"}).status_code == 302
    assert presiding.get(inside).status_code == 404


def test_the_papers_of_a_sitting_are_one_file_with_numbered_pages(court: Court, petitioner: Petitioner) -> None:
    case = petitioner.files()
    petitioner.does(lambda: add_file(case_id=case.pk, name="sold.png", kind="png", content=a_picture(), at=clock.now()))
    look_at_files(at=clock.now())
    members = a_committee(court.chair.id)
    panel = a_panel(members, [case.pk])
    judge = judges(court.clerk.as_role, [members[2]], chair=court.chair)[0]
    address = f"/appeals/bench/panels/{panel}/papers.pdf"
    answer = office_of(judge.desk).get(address)
    assert answer["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    assert "2" in pages[0]
    assert str(case.number) in pages[0]
    assert case.grounds in pages[1]
    assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * 3
    assert office_of(court.clerk).get(address).status_code == 403
    assert office_of(a_desk(court.clerk.as_role, "m@example.kr", Role.COMMITTEE_MEMBER)).get(address).status_code == 404


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 no such thing", b"\x89PNG no"])
def test_a_file_that_can_not_be_read_is_named_and_the_rest_is_bound(content: bytes) -> None:
    file = Inserted(name="broken", kind="pdf" if content[:1] == b"%" else "png", content=content)
    bound = bind_papers(
        title="T",
        subtitle="",
        parts=[Part(title=f"part {number}", texts=[("Grounds", "x\n" * 90)], files=[file]) for number in range(60)],
        words=Words(contents="C", left_out="Not in this file"),
    )
    pages = [page.extract_text() for page in PdfReader(BytesIO(bound)).pages]
    first = next(number for number, page in enumerate(pages, 1) if "part 0" in page and "Grounds" in page)
    assert f"{first} " in pages[0], "the list says where it begins, however long the list is"
    assert any("Not in this file: broken" in page for page in pages)


@pytest.mark.browser
@pytest.mark.socket
@pytest.mark.needs("chromium")
@pytest.mark.timeout(300)
def test_the_desks_of_members_and_clerk_in_a_browser(
    court: Court, petitioner: Petitioner, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    case = petitioner.files()
    members = a_committee(court.chair.id)
    panel = a_panel(members, [case.pk])
    (judge,) = judges(court.clerk.as_role, [members[2]], chair=court.chair)
    voted(case.pk, "rejected")
    site = serve_face("office")
    places: list[tuple[Any, str]] = [
        (judge.desk, "bench/"),
        (judge.desk, f"bench/cases/{case.pk}/"),
        (court.clerk, "committee/"),
        (court.clerk, f"committee/{members[2]}/"),
        (court.clerk, f"panels/{panel}/"),
    ]
    for language, (desk, place) in zip([*LANGUAGES, *LANGUAGES, LANGUAGES[0]], places, strict=True):
        context = visitor(language)
        context.add_cookies([{"name": "office_session", "value": desk.secret, "url": site}])
        page = context.new_page()
        heard = complaints(page)
        page.goto(f"{site}/appeals/{place}")
        assert heard == []
        assert faults(page) == []
