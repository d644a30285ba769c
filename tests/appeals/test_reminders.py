"""Each side is reminded once of what binds it, and the red list shows what is overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import Taxpayer
from appeals.models import Case, Entry, Mending
from appeals.selectors import due
from appeals.services import Petition, ask_to_mend, letters, save
from appeals.services.remind import remind
from appeals.states import Event
from core import clock
from tests.appeals.cast import Court, Petitioner, days_ago
from tests.appeals.test_pages import office_of, text_of
from tests.payments.racing import at_once
from tests.support.database import AsRole


def reminders(case: Case) -> list[str]:
    found = Entry.objects.filter(case=case, event=Event.REMINDED).order_by("text").values_list("text", flat=True)
    return [text.partition("|")[0] for text in found]


@pytest.fixture
def case(petitioner: Petitioner, court: Court) -> Case:
    found = petitioner.files()
    Taxpayer.objects.filter(pk=found.taxpayer_id).update(email="payer@example.kr")
    return found


def written(*, days: int) -> list[tuple[str, ...]]:
    mail.outbox.clear()
    letters.write_letters(at=clock.now() + timedelta(days=days))
    return sorted((str(sent.to[0]), str(sent.body)) for sent in mail.outbox)


def test_the_levying_office_is_reminded_of_its_answer_once_and_nobody_else(
    case: Case, court: Court, database_name: str
) -> None:
    written(days=0)
    assert remind(at=clock.now()) == 0
    soon = clock.now() + timedelta(days=8)

    def reminds(as_role: AsRole) -> int:
        with as_role("worker"):
            return remind(at=soon)

    at_once(database_name, [reminds, reminds])
    assert remind(at=soon) == 0
    assert reminders(case) == ["answer"]
    ((to, text),) = written(days=8)
    assert to == "assessor@example.kr"
    assert "처분청" in text
    assert written(days=8) == []


def test_who_answered_is_not_reminded_and_the_clerk_is_of_the_decision(case: Case, court: Court) -> None:
    court.answers(case)
    written(days=0)
    remind(at=clock.now() + timedelta(days=8))
    assert reminders(case) == []
    remind(at=clock.now() + timedelta(days=80))
    assert reminders(case) == ["decide"]
    assert [to for to, _ in written(days=80)] == ["clerk@example.kr"]


def test_the_petitioner_is_reminded_of_mending_and_of_a_draft_that_is_not_filed(
    case: Case, court: Court, petitioner: Petitioner
) -> None:
    court.clerk.does(
        lambda: ask_to_mend(
            case_id=case.pk, text="?", days=None, agreed=False, officer_id=court.clerk.id, at=clock.now()
        )
    )
    written(days=0)
    left = (Mending.objects.get().due_on - clock.local_date(clock.now())).days
    remind(at=clock.now() + timedelta(days=left - 2))
    assert "correct" in reminders(case)
    assert "payer@example.kr" in [to for to, _ in written(days=left - 2)]


def test_a_draft_is_reminded_of_before_its_last_day(petitioner: Petitioner) -> None:
    draft = petitioner.begins()
    petitioner.does(lambda: save(case_id=draft, says=Petition(served_on=days_ago(85), grounds="")))
    remind(at=clock.now())
    assert reminders(Case.objects.get(pk=draft)) == ["file"]


def test_the_red_list_shows_the_worst_first_to_whose_it_is(case: Case, court: Court) -> None:
    late = clock.now() + timedelta(days=85)
    found = court.clerk.does(lambda: due.red_list(at=late))
    assert [one.due.code for one in found] == ["answer", "decide"]
    assert found[0].due.passed
    assert court.clerk.does(lambda: due.red_list(at=clock.now() - timedelta(days=1))) == []
    remind(at=clock.now() + timedelta(days=8))
    page = text_of(office_of(court.clerk).get("/appeals/red/"))
    assert str(case.number) in page
