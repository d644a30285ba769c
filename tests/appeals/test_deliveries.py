"""Service with proof: a ruling's terms run from the day that the post, or a public notice, proves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.access import Role
from appeals.models import Case, Delivery, Entry, Opened, Ruling
from appeals.services import delivery, serve_ruling
from appeals.services.delivery import LetterKnown, NoPublicNotice, NotThatLetter, ToldOtherwise
from appeals.services.sealing import Thing
from appeals.states import DeliveryStatus, Event, How, Outcome, Status
from core import clock
from tests.appeals.cast import Court, Petitioner, today
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.appeals.test_sealing import seals_it
from tests.payments.test_cancellations import a_desk
from tests.support.database import AsRole
from tests.support.faces import FaceClient


@pytest.fixture
def posted(petitioner: Petitioner, court: Court) -> Case:
    """A signed ruling, sent by registered mail."""
    case = petitioner.files()
    court.drafts(case, Outcome.REJECTED)
    court.signs(case)
    court.clerk.does(
        lambda: serve_ruling(
            case_id=case.pk, how=How.POST, tracking="R-1", on=today(), officer_id=court.clerk.id, at=clock.now()
        )
    )
    return Case.objects.get(pk=case.pk)


def says(court: Court, what: DeliveryStatus, *, letter: str = "R-1", on: date | None = None, days: int = 0) -> None:
    at = clock.now() + timedelta(days=days)
    day = on or clock.local_date(at)
    court.clerk.does(
        lambda: delivery.record(tracking=letter, says=what, on=day, reason="", officer_id=court.clerk.id, at=at)
    )


def publishes(court: Court, case: Case) -> None:
    court.clerk.does(
        lambda: delivery.notice_in_public(
            case_id=case.pk, reason="Nobody knows where.", officer_id=court.clerk.id, at=clock.now()
        )
    )


def test_a_posted_ruling_is_served_on_the_day_of_its_delivery(posted: Case, court: Court) -> None:
    assert posted.status == Status.DECIDED
    with pytest.raises(NotThatLetter):
        says(court, DeliveryStatus.DELIVERED, on=today() - timedelta(days=1))
    says(court, DeliveryStatus.DELIVERED, days=3)
    ruling = Ruling.objects.get()
    assert (ruling.served_on, ruling.how) == (today() + timedelta(days=3), How.POST)
    assert Case.objects.get().status == Status.SERVED
    says(court, DeliveryStatus.DELIVERED, on=today() + timedelta(days=3), days=4)  # told again: nothing happens
    with pytest.raises(ToldOtherwise):
        says(court, DeliveryStatus.RETURNED, days=4)
    assert Entry.objects.filter(event=Event.SERVED).get().tracking == "R-1"


def test_what_came_back_is_served_by_public_notice_once_its_days_have_passed(
    posted: Case, court: Court, public_client: FaceClient
) -> None:
    with pytest.raises(NoPublicNotice):
        publishes(court, posted)
    says(court, DeliveryStatus.RETURNED)
    publishes(court, posted)
    with pytest.raises(NoPublicNotice):
        publishes(court, posted)
    page = text_of(public_client.get("/appeals/public-notices/"))
    assert str(posted.number) in page
    assert posted.taxpayer.name not in page
    assert "Nobody knows where." not in page
    assert delivery.end_public_notices(at=clock.now() + timedelta(days=14)) == 0
    assert delivery.end_public_notices(at=clock.now() + timedelta(days=15)) == 1
    assert delivery.end_public_notices(at=clock.now() + timedelta(days=16)) == 0
    assert Ruling.objects.get().served_on == today() + timedelta(days=15)
    assert str(posted.number) not in text_of(public_client.get("/appeals/public-notices/"))


def test_the_public_notice_of_a_sealed_case_gives_no_number(
    posted: Case, court: Court, public_client: FaceClient
) -> None:
    says(court, DeliveryStatus.RETURNED)
    publishes(court, posted)
    seals_it(court, Thing(case_id=posted.pk))
    page = text_of(public_client.get("/appeals/public-notices/"))
    assert str(posted.number) not in page
    assert "공시송달" in page


def test_the_posts_file_is_taken_line_by_line_and_twice_changes_nothing(posted: Case, court: Court) -> None:
    line = Entry.objects.filter(case=posted, event=Event.FILED).get()

    def posts() -> None:
        delivery.post(
            case_id=posted.pk, line_id=line.pk, tracking="R-2", on=today(), officer_id=court.clerk.id, at=clock.now()
        )

    court.clerk.does(posts)
    with pytest.raises(LetterKnown):
        court.clerk.does(posts)
    clerk, day = office_of(court.clerk), today().isoformat()
    assert "R-2" in text_of(clerk.get("/appeals/letters/"))

    def brings(content: str) -> Any:
        upload = SimpleUploadedFile("post.csv", content.encode())
        return clerk.post("/appeals/letters/file/", {"file": upload})

    table = f"tracking,outcome,day\nR-1,delivered,{day}\nR-2,returned,{day}\n"
    assert brings(table).status_code == 302
    assert brings(table).status_code == 302
    assert Case.objects.get().status == Status.SERVED
    assert Delivery.objects.get(tracking="R-2").status == DeliveryStatus.RETURNED
    wrong = brings(f"tracking,outcome,day\nR-9,delivered,{day}\nR-1,lost,{day}\nR-1,delivered,yesterday\n")
    assert wrong.status_code == 422
    assert "R-9" in text_of(wrong)
    for content in (
        "",
        "\0",
        "a,b\n1,2\n",
        "tracking,outcome,day\n" + "x,y,z\n" * 2001,
        "tracking,outcome,day\n" + "x" * 300_000,
    ):
        assert brings(content).status_code == 422


def test_a_clerk_elsewhere_records_nothing_and_the_mailbox_says_when_it_was_opened(
    posted: Case, petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    far = a_desk(as_role, "far@example.kr", Role.COURT_CLERK, body="11140")
    with pytest.raises(NotThatLetter):
        far.does(
            lambda: delivery.record(
                tracking="R-1", says=DeliveryStatus.DELIVERED, on=today(), reason="", officer_id=far.id, at=clock.now()
            )
        )
    clerk, page = office_of(court.clerk), f"/appeals/{posted.pk}/deliveries/"
    assert "아직 열지 않음" in text_of(clerk.get(page))
    owner = browser_of(petitioner)
    for _ in range(2):
        assert owner.get(f"/appeals/{posted.pk}/").status_code == 200
    assert Opened.objects.count() == Entry.objects.filter(how=How.SITE).count()
    assert "아직 열지 않음" not in text_of(clerk.get(page))
    assert clerk.post(page + "act/", {"do": "tell", "letter": "R-1", "day": "x"}).status_code == 422
    told = {"do": "tell", "letter": "R-1", "says": "returned", "day": today()}
    assert clerk.post(page + "act/", told).status_code == 302
    assert clerk.post(page + "act/", {"do": "publish", "why": "Moved away."}).status_code == 302
    assert Delivery.objects.get(way="public").reason == "Moved away."
