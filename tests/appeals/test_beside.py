"""Who becomes whose special tax advocate: drawn, barred, told, explained, exchanged once, never without."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection

from accounts.access import Role
from accounts.models import Relative, Taxpayer
from appeals import services as cases
from appeals.draw_checks import draws_as_sealed
from appeals.models import Advocacy, AdvocateAbsence, AnotherAsked, Case, Conflict, Declaration, Draw, DrawCase, Entry
from appeals.rules import replay
from appeals.services import assign, pool
from appeals.services.advocate_letters import write_to_advocates
from appeals.services.assign import carry_out_draw, gather
from appeals.services.letters import write_letters
from appeals.states import Event
from billing.services import reduce_bill
from core import audit, clock
from core.db.session import session_secret
from tests.appeals.beside_cast import advocate_of, an_advocate, draw, keep, told
from tests.appeals.cast import Court, Petitioner, a_petitioner, lines_of, today
from tests.appeals.test_pages import browser_of, text_of
from tests.payments.cast import a_bill
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk
from tests.support.database import AsRole
from tests.support.faces import FaceClient


@pytest.fixture
def kim(as_role: AsRole, court: Court) -> Desk:
    return an_advocate(as_role, court, "kim")


@pytest.fixture
def lee(as_role: AsRole, court: Court) -> Desk:
    return an_advocate(as_role, court, "lee")


def site_of(desk: Desk) -> FaceClient:
    client = FaceClient("office", desk.as_role)
    client.cookies[client.settings["SESSION_COOKIE_NAME"]] = desk.secret
    return client


def test_whoever_files_gets_somebody_is_told_who_and_why_and_anybody_repeats_it(
    petitioner: Petitioner, court: Court, kim: Desk, public_client: FaceClient
) -> None:
    Taxpayer.objects.filter(pk=petitioner.bill.taxpayer_id).update(email="known@example.kr")
    case = petitioner.files(language="en")
    site = browser_of(petitioner)
    assert "추첨하고 있습니다" in text_of(site.get(f"/appeals/{case.pk}/"))
    number = draw(court)
    assert draw(court) is None
    assert advocate_of(case) == "kim"
    line = Entry.objects.get(case=case, event=Event.ADVOCATE)
    assert line.text == "kim"
    write_letters(at=clock.now())
    letter = next(one for one in mail.outbox if "known@example.kr" in one.to and "02-000-0000" in one.body)
    assert "at no cost to you" in letter.body
    mail.outbox.clear()
    assert write_to_advocates(at=clock.now()) == 1
    assert write_to_advocates(at=clock.now()) == 0
    assert [one.to for one in mail.outbox] == [["kim@example.kr"]]
    assert "홍길동" not in mail.outbox[0].body
    page = text_of(site.get(f"/appeals/{case.pk}/advocate/"))
    mark = DrawCase.objects.get().mark
    for shown in ("kim", "02-000-0000", "kim@example.kr", mark, f"/appeals/draws/{number}/"):
        assert shown in page
    assert "kim" in text_of(site.get(f"/appeals/{case.pk}/"))
    published = json.loads(public_client.get(f"/appeals/draws/{number}/draw.json").content)
    assert replay.faults(published) == []
    assert published["facts"]["cases"][0]["district"] == "11110"
    assert list(draws_as_sealed()) == []


def test_the_reasons_are_told_in_plain_words(petitioner: Petitioner, court: Court, as_role: AsRole, kim: Desk) -> None:
    an_advocate(as_role, court, "far", districts=["11110"])
    an_advocate(as_role, court, "novice", knows={})
    away = an_advocate(as_role, court, "away")
    court.clerk.does(
        lambda: pool.declare_absence(
            officer_id=away.id, begins=today(), ends=today() + timedelta(days=2), at=clock.now()
        )
    )
    case = petitioner.files()
    draw(court)
    assert advocate_of(case) == "kim"
    site = browser_of(petitioner)
    korean = text_of(site.get(f"/appeals/{case.pk}/advocate/"))
    site.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = text_of(site.get(f"/appeals/{case.pk}/advocate/"))
    for text in (
        "Out of 4 who are in the pool",
        "1 is given no cases of the district that levied it.",
        "1 knows this tax less well.",
        "1 is absent in the first weeks.",
    ):
        assert text in english
    assert "4명" in korean


def changed_the_bill(petitioner: Petitioner, court: Court, desk: Desk) -> None:
    reduce_bill(
        bill_id=petitioner.bill.id,
        lines={lines_of(petitioner.bill)[0]: 1_000},
        reason="잘못 적음",
        asked_by_id=desk.id,
        at=clock.now(),
    )


def is_a_relative(petitioner: Petitioner, court: Court, desk: Desk) -> None:
    Relative.objects.create(
        officer_id=desk.id, relation="sibling", name="홍길동", taxpayer_id=petitioner.bill.taxpayer_id
    )


def is_given_no_case_of_the_district(petitioner: Petitioner, court: Court, desk: Desk) -> None:
    keep(court, desk, districts=["11110"])


def can_have_none(petitioner: Petitioner, court: Court, desk: Desk) -> None:
    keep(court, desk, most=0)


def left_the_pool(petitioner: Petitioner, court: Court, desk: Desk) -> None:
    keep(court, desk, in_pool=False)


Fate = Callable[[Petitioner, Court, Desk], None]


@pytest.mark.parametrize(
    "fate", [changed_the_bill, is_a_relative, is_given_no_case_of_the_district, can_have_none, left_the_pool]
)
def test_who_may_not_or_cannot_is_never_drawn_and_a_case_without_anybody_stands_in_red(
    petitioner: Petitioner, court: Court, kim: Desk, fate: Fate
) -> None:
    fate(petitioner, court, kim)
    case = petitioner.files()
    assert draw(court) is not None
    assert advocate_of(case) is None
    assert DrawCase.objects.get().found == "nobody"
    desk = text_of(site_of(court.clerk).get("/appeals/"))
    assert "맡을 수 있는 세무변호인이 없습니다" in desk
    assert str(case.number) in desk.split("맡을 수 있는 세무변호인이 없습니다")[1]
    assert "지금은 맡을 수 있는 사람이 없습니다" in text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/advocate/"))
    assert draw(court) is None  # nothing changed: it is not drawn again and again


def test_who_only_looked_at_the_bill_may_be_drawn(
    petitioner: Petitioner, court: Court, as_role: AsRole, kim: Desk
) -> None:
    audit.record(action="billing.bill_opened", subject=f"bill:{petitioner.bill.id}", actor_id=kim.id)
    case = petitioner.files()
    draw(court)
    assert advocate_of(case) == "kim"


def test_what_the_citys_own_team_levied_its_advocates_get_not(court: Court, as_role: AsRole) -> None:
    an_advocate(as_role, court, "vehicle", team="vehicle")
    an_advocate(as_role, court, "income", team="income", knows={})
    case = a_petitioner(as_role, a_bill(body="11000")).files()
    district = a_petitioner(as_role, a_bill()).files()
    draw(court)
    assert advocate_of(case) == "income"
    assert advocate_of(district) == "vehicle"


def test_who_hears_cases_is_nobodys_advocate(court: Court, as_role: AsRole) -> None:
    for role in (Role.CHAIR, Role.COURT_CLERK, Role.COMMITTEE_MEMBER):
        with pytest.raises(pool.NoAdvocate):
            an_advocate(as_role, court, f"x{role.value}", roles=(role,))


def test_drawn_again_as_soon_as_somebody_is_free_and_once_a_day(
    petitioner: Petitioner, court: Court, kim: Desk
) -> None:
    keep(court, kim, most=0)
    case = petitioner.files()
    draw(court)
    assert draw(court) is None
    assert gather(at=clock.now() + timedelta(days=1, minutes=1)) is not None
    draw(court)
    DrawCase.objects.filter(done_at=None).update(found="void", done_at=clock.now())
    keep(court, kim, most=5)
    assert draw(court) is not None
    assert advocate_of(case) == "kim"


def test_another_is_drawn_once_and_it_is_not_the_same(
    petitioner: Petitioner, court: Court, kim: Desk, as_role: AsRole
) -> None:
    case = petitioner.files()
    draw(court)
    an_advocate(as_role, court, "worse", knows={})
    site = browser_of(petitioner)
    address = f"/appeals/{case.pk}/advocate/another/"
    refused = site.post(address, {"reason": "kept as typed"})
    assert refused.status_code == 422
    assert "kept as typed" in text_of(refused)
    assert site.post(address, {"reason": "no trust", "sure": "on"}).status_code == 302
    assert advocate_of(case) is None
    draw(court)
    assert advocate_of(case) == "worse"
    assert "1명은 신청인이 제외를 요청했습니다" in text_of(site.get(f"/appeals/{case.pk}/advocate/"))
    again = site.post(address, {"sure": "on"})
    assert again.status_code == 422
    assert "한 번만" in text_of(again)
    assert address not in text_of(site.get(f"/appeals/{case.pk}/advocate/"))
    with pytest.raises(DatabaseError):
        AnotherAsked.objects.create(
            case=case, advocacy=Advocacy.objects.get(ended_at=None), by_id=kim.id, at=clock.now()
        )
    assert "no trust" not in text_of(site_of(court.assessor).get(f"/appeals/{case.pk}/"))


def test_a_stranger_asks_for_nobody_elses(petitioner: Petitioner, court: Court, kim: Desk, as_role: AsRole) -> None:
    case = petitioner.files()
    draw(court)
    stranger = browser_of(a_petitioner(as_role))
    for path, typed in (("another/", {"sure": "on"}), ("write/", {"text": "x"}), ("", None)):
        address = f"/appeals/{case.pk}/advocate/{path}"
        answer = stranger.post(address, typed) if typed else stranger.get(address)
        assert answer.status_code == 404
    assert advocate_of(case) == "kim"


def test_asked_twice_at_the_same_moment_it_counts_once(
    petitioner: Petitioner, court: Court, kim: Desk, database_name: str
) -> None:
    case = petitioner.files()
    draw(court)

    def asks(as_role: AsRole) -> str:
        mine = Petitioner(as_role, petitioner.secret, petitioner.bill)
        try:
            mine.does(lambda: pool.ask_another(case_id=case.pk, reason="", at=clock.now()))
        except pool.AskedBefore:
            return "before"
        return "asked"

    assert sorted(at_once(database_name, [asks, asks])) == ["asked", "before"]


def declares_a_conflict(court: Court, desk: Desk, case: Case) -> None:
    desk.does(
        lambda: pool.declare_conflict(
            officer_id=desk.id, number=str(case.number), reason="my neighbour", at=clock.now()
        )
    )


def leaves_the_pool(court: Court, desk: Desk, case: Case) -> None:
    keep(court, desk, in_pool=False)


def is_away_for_long(court: Court, desk: Desk, case: Case) -> None:
    until = today() + timedelta(days=60)
    desk.does(lambda: pool.declare_absence(officer_id=desk.id, begins=today(), ends=until, at=clock.now()))


@pytest.mark.parametrize("leaves", [declares_a_conflict, leaves_the_pool, is_away_for_long])
def test_who_leaves_is_replaced_by_a_draw(
    petitioner: Petitioner, court: Court, kim: Desk, as_role: AsRole, leaves: Callable[[Court, Desk, Case], None]
) -> None:
    case = petitioner.files()
    draw(court)
    an_advocate(as_role, court, "worse", knows={})
    leaves(court, kim, case)
    draw(court)
    assert advocate_of(case) == "worse"
    assert [line.event for line in Entry.objects.filter(case=case, event__startswith="advocate").order_by("pk")] == [
        Event.ADVOCATE,
        Event.ADVOCATE_LEFT,
        Event.ADVOCATE,
    ]
    assert site_of(kim).get(f"/appeals/advocate/{case.pk}/").status_code == 404


def test_what_changed_between_fixing_and_drawing_is_void_and_drawn_anew(
    petitioner: Petitioner, court: Court, kim: Desk, as_role: AsRole
) -> None:
    case = petitioner.files()
    gather(at=clock.now())
    declares_a_conflict(court, kim, case)
    an_advocate(as_role, court, "late")
    told(Draw.objects.get().pk)
    court.deliver()
    assert DrawCase.objects.get().found == "void"
    draw(court)
    assert advocate_of(case) == "late"


def test_a_case_is_in_one_draw_and_what_was_drawn_is_carried_out_once(
    petitioner: Petitioner, court: Court, kim: Desk, database_name: str
) -> None:
    petitioner.files()

    def gathers(as_role: AsRole) -> int | None:
        with as_role("worker"):
            return gather(at=clock.now())

    assert sum(one is not None for one in at_once(database_name, [gathers, gathers])) == 1
    row = Draw.objects.get()
    assert carry_out_draw(draw_id=row.pk, at=clock.now()) == 0  # not told yet
    told(Draw.objects.get().pk)
    assert carry_out_draw(draw_id=row.pk, at=clock.now()) == 1
    assert carry_out_draw(draw_id=row.pk, at=clock.now()) == 0
    court.deliver()
    assert Advocacy.objects.count() == Entry.objects.filter(event=Event.ADVOCATE).count() == 1


def test_the_database_knows_no_advocate_whom_no_draw_gave(
    petitioner: Petitioner, court: Court, kim: Desk, lee: Desk
) -> None:
    case = petitioner.files()
    draw(court)
    chosen = Advocacy.objects.get()
    other = lee if chosen.advocate_id == kim.id else kim
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match=r"no draw made|appeals_advocacy_one"):
        cursor.execute("SELECT appeals_give(%s, %s, %s, now())", [case.pk, other.id, chosen.draw_id])
    for change in ({"advocate_id": other.id}, {"ended_why": "pool"}):
        with pytest.raises(DatabaseError):
            Advocacy.objects.update(**change)


def test_the_clerk_keeps_the_pool_and_its_history_stays(court: Court, kim: Desk, as_role: AsRole) -> None:
    clerk = site_of(court.clerk)
    assert "kim" in text_of(clerk.get("/appeals/advocates/"))
    page = f"/appeals/advocates/{kim.id}/"
    typed = {"in_pool": "on", "most": "7", "team": "vehicle", "districts": ["11110"], "tax_property": "3"}
    assert clerk.post(f"{page}profile/", typed).status_code == 302
    assert clerk.post(f"{page}profile/", {**typed, "most": "1000"}).status_code == 422
    said = text_of(clerk.get(page))
    assert "재산세 3" in said
    assert Declaration.objects.filter(advocate_id=kim.id, what="profile").count() == 2
    with pytest.raises(DatabaseError):
        Declaration.objects.update(facts={})
    own = site_of(kim)
    assert own.post("/appeals/advocates/reach/", {"phone": "02-111-2222", "room": "B1"}).status_code == 302
    days = {"begins": "2030-01-01", "ends": "2030-01-02"}
    assert own.post(f"{page}absence/", days).status_code == 422
    days = {"begins": today().isoformat(), "ends": (today() + timedelta(days=1)).isoformat()}
    assert own.post(f"{page}absence/", days).status_code == 302
    off = f"{page}absence/{AdvocateAbsence.objects.get().pk}/call-off/"
    assert own.post(off).status_code == 302
    assert own.post(f"{page}conflict/", {"number": "2026-x-1", "reason": "y"}).status_code == 422
    assert "02-111-2222" in text_of(own.get("/appeals/advocate/"))
    assert own.get("/appeals/advocates/").status_code == 403
    assert own.post(f"{page}profile/", typed).status_code == 403
    district = site_of(court.assessor)
    assert district.get("/appeals/advocates/").status_code == 403


def test_nobody_speaks_for_another_advocate(court: Court, kim: Desk, lee: Desk, petitioner: Petitioner) -> None:
    case = petitioner.files()
    with pytest.raises(pool.NoAbsence):
        kim.does(lambda: pool.declare_absence(officer_id=lee.id, begins=today(), ends=today(), at=clock.now()))
    with pytest.raises(pool.NotYourPool):
        kim.does(lambda: pool.declare_conflict(officer_id=lee.id, number=str(case.number), reason="x", at=clock.now()))
    for table in ("appeals_advocate", "appeals_conflict", "appeals_declaration"):
        with kim.as_role("office"), session_secret(kim.secret), connection.cursor() as cursor:
            column = "officer_id" if table == "appeals_advocate" else "advocate_id"
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [lee.id])
            assert cursor.fetchone() == (0,)
    assert not Conflict.objects.exists()


def test_the_report_says_how_evenly_cases_fell(court: Court, kim: Desk, lee: Desk, as_role: AsRole) -> None:
    for _ in range(3):
        a_petitioner(as_role).files()
    draw(court)
    clerk = site_of(court.clerk)
    told: dict[str, Any] = json.loads(clerk.get("/appeals/advocates/fairness.json").content)
    assert told["spread"] == 1
    assert sorted(one["running"] for one in told["advocates"]) == [1, 2]
    assert (told["draws"][0]["cases"], told["draws"][0]["best"], told["draws"][0]["nobody"]) == (3, 3, 0)
    assert "kim" in text_of(clerk.get("/appeals/advocates/fairness/"))


def test_a_withdrawn_case_is_drawn_about_no_more(petitioner: Petitioner, court: Court, kim: Desk) -> None:
    case = petitioner.files()
    petitioner.does(lambda: cases.withdraw(case_id=case.pk, reason="", at=clock.now()))
    assert assign.gather(at=clock.now()) is None
