"""Petitioners say once how satisfied they are, and whoever reads the database can't tell who said what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from accounts.vault.sealing import seal
from appeals.models import Answer, Case, Entry, Satisfaction
from appeals.services import survey
from appeals.states import Outcome
from core import clock
from core.models import AuditRecord
from core.models import Event as Told
from tests.appeals.bench_cast import as_owner
from tests.appeals.cast import Court, Petitioner, a_petitioner, today
from tests.appeals.figures_cast import served_in
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.payments.racing import at_once
from tests.support.database import AsRole
from tests.support.faces import FaceClient


@pytest.fixture
def served(petitioner: Petitioner, court: Court) -> Case:
    return court.rules(petitioner.files(), Outcome.DISMISSED)


def says(petitioner: Petitioner, case: Case, score: int) -> Callable[[], None]:
    return lambda: petitioner.does(lambda: survey.answer(case_id=case.pk, score=score, at=clock.now()))


def answered_by(many: int, court: Court, *, score: int = 80) -> None:
    """So many others answered."""
    cases = served_in(2025, [("automobile", "11110", "rejected", many)], court=court)
    sealed = [seal(text=str(score), use=survey.USE) for _ in cases]
    as_owner("INSERT INTO appeals_answer SELECT * FROM unnest(%s::bigint[], %s::bytea[])", cases, sealed)


def test_the_case_asks_once_and_for_some_time(served: Case, petitioner: Petitioner, as_role: AsRole) -> None:
    owner, address = browser_of(petitioner), f"/appeals/{served.pk}/satisfaction/"
    assert address in text_of(owner.get(f"/appeals/{served.pk}/"))
    for wrong in ("", "-1", "101", "7.5", "x"):
        refused = owner.post(address, {"score": wrong})
        assert refused.status_code == 422
    assert f'value="{wrong}"' in text_of(refused)
    assert browser_of(a_petitioner(as_role)).get(address).status_code == 404
    assert owner.post(address, {"score": "55"}).status_code == 302
    page = text_of(owner.get(f"/appeals/{served.pk}/"))
    assert address not in page
    again = owner.post(address, {"score": "90"})
    assert again.status_code == 422
    assert Answer.objects.count() == 1
    late = clock.now() + timedelta(days=91)
    as_owner("TRUNCATE appeals_answer")
    with pytest.raises(survey.NotAsked):
        petitioner.does(lambda: survey.answer(case_id=served.pk, score=1, at=late))


def test_before_the_ruling_nobody_is_asked(petitioner: Petitioner) -> None:
    case = petitioner.files()
    address = f"/appeals/{case.pk}/satisfaction/"
    assert address not in text_of(browser_of(petitioner).get(f"/appeals/{case.pk}/"))
    assert browser_of(petitioner).get(address).status_code == 404


def test_two_clicks_are_one_answer(served: Case, petitioner: Petitioner, database_name: str) -> None:
    def work(as_role: AsRole) -> bool:
        own = Petitioner(as_role, petitioner.secret, petitioner.bill)
        try:
            own.does(lambda: survey.answer(case_id=served.pk, score=5, at=clock.now()))
        except survey.AnsweredAlready:
            return False
        return True

    assert sorted(at_once(database_name, [work, work])) == [False, True]


def test_who_reads_the_database_cannot_tell_who_said_what(served: Case, petitioner: Petitioner, court: Court) -> None:
    before = (Entry.objects.count(), AuditRecord.objects.count(), Told.objects.count())
    says(petitioner, served, 13)()
    # Nothing else was written, and what was written can't be read: the same score is never twice the same.
    assert (Entry.objects.count(), AuditRecord.objects.count(), Told.objects.count()) == before
    (kept,) = Answer.objects.values_list("sealed", flat=True)
    others = [seal(text=score, use=survey.USE) for score in ("13", "13", "100", "0")]
    assert len({bytes(kept or b""), *others}) == 5
    assert len({len(bytes(kept or b"")), *map(len, others)}) == 1
    assert {one.name for one in Answer._meta.get_fields()} == {"case", "sealed"}
    # Few are not counted; nobody could say of ten which one was theirs, as all of them come at once.
    answered_by(8, court)
    assert survey.count_answers(at=clock.now()) == 0
    assert not Satisfaction.objects.exists()
    answered_by(1, court, score=100)
    assert survey.count_answers(at=clock.now()) == 10
    assert survey.count_answers(at=clock.now()) == 0
    row = Satisfaction.objects.get()
    assert {score: many for score, many in enumerate(row.counts) if many} == {13: 1, 80: 8, 100: 1}
    assert list(Answer.objects.values_list("sealed", flat=True).distinct()) == [None]
    assert {one.name for one in Satisfaction._meta.get_fields()} == {"quarter", "counts"}
    # One transaction wrote all of it, so that not even the system's own columns tell them apart.
    stamps = as_owner("SELECT xmin::text FROM appeals_answer UNION SELECT xmin::text FROM appeals_satisfaction")
    assert len(stamps) == 1


def test_the_average_is_told_of_a_quarter_that_is_over(
    served: Case, petitioner: Petitioner, court: Court, public_client: FaceClient
) -> None:
    answered_by(9, court)
    says(petitioner, served, 30)()
    passed = clock.now() - timedelta(days=100)
    day = clock.local_date(passed)
    survey.count_answers(at=passed)
    told = public_client.get("/decisions/figures.json").json()["satisfaction"]
    assert told == [{"quarter": f"{day.year}Q{(day.month + 2) // 3}", "answers": 10, "average": 75.0}]
    assert "75.0" in text_of(public_client.get("/decisions/figures/"))
    as_owner("UPDATE appeals_satisfaction SET quarter = %s", f"{today().year}Q{(today().month + 2) // 3}")
    assert public_client.get("/decisions/figures.json").json()["satisfaction"] == []


def test_what_no_page_of_ours_sealed_is_not_counted(court: Court) -> None:
    answered_by(10, court)
    case = served_in(2024, [("automobile", "11110", "rejected", 2)], court=court)
    as_owner("INSERT INTO appeals_answer VALUES (%s, 'junk'), (%s, %s)", *case, seal(text="7", use="claim"))
    assert survey.count_answers(at=clock.now()) == 10
    assert sum(Satisfaction.objects.get().counts) == 10


def test_no_face_opens_or_reads_an_answer(served: Case, petitioner: Petitioner, court: Court, as_role: AsRole) -> None:
    says(petitioner, served, 13)()
    for face in ("public", "office", "intake"):
        with as_role(face), pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("SELECT case_id FROM appeals_answer")
    assert "satisfaction" not in text_of(office_of(court.clerk).get(f"/appeals/{served.pk}/"))
