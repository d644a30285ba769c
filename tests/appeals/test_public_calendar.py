"""The calendar for everybody, its feeds, and seats for who would like to listen."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from accounts.models import Taxpayer
from appeals.models import Case, Seat, Session
from appeals.services import seats
from appeals.services.seats import forget_seats, mail_seats
from core import clock
from tests.appeals.cast import Court, Petitioner, a_petitioner
from tests.appeals.sittings import begins, fixes, moves, open_sittings, scheduled, slot_of
from tests.appeals.test_pages import text_of
from tests.payments.racing import at_once
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient


@pytest.fixture
def cases(court: Court, petitioner: Petitioner, as_role: AsRole) -> tuple[Case, Case]:
    """A public and a closed one, both in the calendar."""
    found = petitioner.files(public_hearing=True), a_petitioner(as_role).files(public_hearing=False)
    open_sittings(court)
    scheduled(court)
    return found


def test_the_calendar_names_nobody_and_of_what_is_closed_tells_nothing(
    cases: tuple[Case, Case], public_client: FaceClient
) -> None:
    public, closed = cases
    pages = [text_of(public_client.get("/appeals/hearings/"))]
    for case in cases:
        day = slot_of(case).session.day.isoformat()
        pages += [text_of(public_client.get(f"/appeals/hearings/{day}/"))]
        pages += [text_of(public_client.get(f"/appeals/hearings/{day}.ics"))]
    pages += [text_of(public_client.get("/appeals/hearings/all.ics"))]
    told = "\n".join(pages).replace("\r\n ", "")
    assert str(public.number) in told
    assert str(closed.number) not in told
    for case in cases:
        assert Taxpayer.objects.get(pk=case.taxpayer_id).name not in told
    page = text_of(public_client.get(f"/appeals/hearings/{slot_of(closed).session.day}/"))
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    (row,) = [one for one in rows if "비공개" in one]
    assert "자동차세" not in row
    assert "종로구" not in row


def events_of(answer: Any) -> list[Any]:
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_feeds_are_icalendar_for_all_for_a_sitting_and_for_a_case(
    court: Court, cases: tuple[Case, Case], public_client: FaceClient
) -> None:
    public, closed = cases
    whole = events_of(public_client.get("/appeals/hearings/all.ics"))
    assert len(whole) == 2
    assert [event for event in whole if "DTEND" not in event], "how long it lasts would tell the tax"
    answer = public_client.get(f"/appeals/hearings/cases/{public.number}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = events_of(answer)
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (begins(slot_of(public)), 0)
    fixes(court.clerk, moves(court, public, away=[slot_of(public).session.day]))
    (moved,) = events_of(public_client.get(f"/appeals/hearings/cases/{public.number}.ics"))
    assert (moved["UID"], moved["SEQUENCE"]) == (event["UID"], 1)
    assert public_client.get(f"/appeals/hearings/cases/{closed.number}.ics").status_code == 404
    for wrong in ("2020-01-01", "nonsense", "2026-13-01", "20261301"):
        assert public_client.get(f"/appeals/hearings/{wrong}.ics").status_code == 404
        assert public_client.get(f"/appeals/hearings/{wrong}/").status_code == 404


def link_to(email: str) -> str:
    mail_seats(at=clock.now())
    letter = next(one for one in reversed(mail.outbox) if one.to == [email])
    found = re.search(r"/appeals/hearings/seat/[\w-]+/", str(letter.body))
    assert found
    return found[0]


def a_small_room(session: Session, database_name: str) -> None:
    with admin_connection(database_name) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE appeals_session SET seats = 1 WHERE id = %s", [session.pk])


def test_a_seat_is_confirmed_and_one_that_is_given_up_goes_to_who_waits(
    cases: tuple[Case, Case], public_client: FaceClient, database_name: str
) -> None:
    session = slot_of(cases[0]).session
    a_small_room(session, database_name)
    ask = f"/appeals/hearings/seats/{session.pk}/"
    wrong = public_client.post(ask, {"email": "nobody"})
    assert (wrong.status_code, "nobody" in text_of(wrong)) == (422, True)
    links = {}
    for name in ("first", "second", "third"):
        assert public_client.post(ask, {"email": f"{name}@example.com"}).status_code == 302
        links[name] = link_to(f"{name}@example.com")
        public_client.get(links[name])
        assert Seat.objects.get(email=f"{name}@example.com").status == "asked", "looking confirms nothing"
        assert public_client.post(links[name], {"do": "confirm"}).status_code == 302
    assert list(Seat.objects.order_by("pk").values_list("status", "place")) == [
        ("seated", 1), ("waiting", None), ("waiting", None),
    ]  # fmt: skip
    assert public_client.post(links["first"], {"do": "leave"}).status_code == 200
    assert not Seat.objects.filter(email="first@example.com").exists()
    assert Seat.objects.get(email="second@example.com").place == 1
    fresh = link_to("second@example.com")
    assert fresh != links["second"]
    assert public_client.get(links["second"]).status_code == 404
    assert public_client.get(fresh).status_code == 200
    assert forget_seats(at=session.begins + timedelta(days=1)) == 2


def test_two_who_confirm_at_once_never_get_one_seat(
    cases: tuple[Case, Case], public_client: FaceClient, database_name: str
) -> None:
    session = slot_of(cases[0]).session
    a_small_room(session, database_name)
    tokens = []
    for name in ("first", "second"):
        public_client.post(f"/appeals/hearings/seats/{session.pk}/", {"email": f"{name}@example.com"})
        tokens.append(link_to(f"{name}@example.com").split("/")[-2])

    def confirms(token: str) -> object:
        def run(signed_in: AsRole) -> None:
            with signed_in("public"):
                seats.confirm_seat(token=token, at=clock.now())

        return run

    at_once(database_name, [confirms(token) for token in tokens])  # type: ignore[misc]
    assert sorted(Seat.objects.values_list("status", flat=True)) == ["seated", "waiting"]


def test_asking_is_counted_and_tells_nothing_of_others(cases: tuple[Case, Case], public_client: FaceClient) -> None:
    session = slot_of(cases[0]).session
    ask = f"/appeals/hearings/seats/{session.pk}/"
    answers = [public_client.post(ask, {"email": "one@example.com"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [422]
    assert Seat.objects.count() == 1
    closed_room = Session.objects.exclude(slots__isnull=False).order_by("pk")[0]
    assert public_client.get(f"/appeals/hearings/seats/{closed_room.pk}/").status_code == 404
    assert public_client.get("/appeals/hearings/seat/nothing-like-it/").status_code == 404
    assert forget_seats(at=clock.now() + timedelta(days=2)) == 1, "who never confirmed is forgotten after a day"
