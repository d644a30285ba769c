"""A ruling that has the bill examined anew: what the levying office found, and what follows on the bill."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.access import Role
from appeals import services
from appeals.checks import reexaminations_as_sealed
from appeals.models import Case, Reexamination
from appeals.selectors import cases
from appeals.selectors.anew import result_hash, to_examine
from appeals.services import Found, NotLinesOfTheBill, NotYoursToDo, StaleRuling
from appeals.services.reexamination import carry_out_reexamination
from appeals.states import Event, How, Outcome, Result
from billing.models import BillChange, BillFact
from core import clock
from refunds.models import Refund
from tests.appeals.cast import Court, Petitioner, a_petitioner, lines_of, today
from tests.appeals.test_pages import browser_of, office_of, text_of
from tests.payments.test_cancellations import Desk, a_desk
from tests.refunds.cast import pays
from tests.support.database import AsRole


@pytest.fixture
def approver(as_role: AsRole) -> Desk:
    return a_desk(as_role, "approver@example.kr", Role.APPROVER, body="11110")


@pytest.fixture
def ordered(petitioner: Petitioner, court: Court) -> Case:
    case = petitioner.files()
    court.deliver()
    return court.rules(case, Outcome.REEXAMINE)


def writes(desk: Desk, case: Case, result: Result, **lines: int) -> None:
    found = Found(result=result, reasons="We looked again.", lines={int(line[1:]): won for line, won in lines.items()})
    desk.does(lambda: services.write_result(case_id=case.pk, found=found, officer_id=desk.id, at=clock.now()))


def confirms(desk: Desk, case: Case) -> None:
    read = desk.does(lambda: result_hash(case.pk))
    desk.does(lambda: services.confirm_result(case_id=case.pk, sha256=read, officer_id=desk.id, at=clock.now()))


def serves(desk: Desk, case: Case) -> None:
    desk.does(
        lambda: services.serve_result(
            case_id=case.pk, how=How.SITE, tracking="", on=today(), officer_id=desk.id, at=clock.now()
        )
    )


def test_the_bill_is_reduced_as_the_office_found_and_the_money_opens(
    petitioner: Petitioner, court: Court, approver: Desk, ordered: Case
) -> None:
    pays(petitioner.bill, 52_000)
    assert BillFact.objects.get(kind="contest").ended_on is None  # still contested
    car, education = lines_of(petitioner.bill)
    writes(court.assessor, ordered, Result.REDUCED, **{f"l{car}": 20_000, f"l{education}": 6_000})
    confirms(approver, ordered)
    assert petitioner.does(lambda: cases.detail(ordered.pk, at=clock.now())).anew is None  # not served yet
    serves(court.assessor, ordered)
    court.deliver()
    change = BillChange.objects.get(kind="reduce")
    assert (change.amount, change.asked_by_id) == (26_000, court.assessor.id)
    refund = Refund.objects.get()
    assert (refund.amount, refund.final_on) == (26_000, today())
    assert BillFact.objects.get(kind="contest").ended_on == today()
    carry_out_reexamination(case_id=ordered.pk, at=clock.now())  # once more it does nothing
    assert BillChange.objects.filter(kind="reduce").count() == 1
    seen = petitioner.does(lambda: cases.detail(ordered.pk, at=clock.now()))
    assert seen.anew is not None
    assert [money.amount for money in seen.money] == [26_000]
    assert Event.REEXAMINED in {line.event for line in seen.docket}
    assert list(reexaminations_as_sealed()) == []


def test_the_clock_of_sixty_days_runs_until_the_result_is_served_and_then_the_tribunals(
    court: Court, approver: Desk, petitioner: Petitioner, ordered: Case
) -> None:
    def clocks_on(days: int) -> dict[str, int]:
        at = clock.now() + timedelta(days=days)
        found = petitioner.does(lambda: cases.detail(ordered.pk, at=at))
        return {one.code: one.left for one in found.deadlines}

    assert 60 <= clocks_on(0)["reexamine"] <= 70
    (waits,) = court.assessor.does(lambda: to_examine(at=clock.now()))
    assert (waits.number, waits.red) == (ordered.number, False)
    (late,) = court.assessor.does(lambda: to_examine(at=clock.now() + timedelta(days=75)))
    assert late.red
    writes(court.assessor, ordered, Result.KEPT)
    confirms(approver, ordered)
    serves(court.assessor, ordered)
    court.deliver()
    assert "reexamine" not in clocks_on(0)
    assert clocks_on(0)["tribunal"] >= 90
    assert court.assessor.does(lambda: to_examine(at=clock.now())) == []
    assert not BillChange.objects.filter(kind__in=("reduce", "cancel")).exists()


def test_two_officers_of_the_levying_office_and_only_what_was_read_is_confirmed(
    court: Court, approver: Desk, petitioner: Petitioner, ordered: Case, as_role: AsRole
) -> None:
    both = a_desk(as_role, "both@example.kr", Role.ASSESSOR, Role.APPROVER, body="11110")
    far = a_desk(as_role, "far@example.kr", Role.ASSESSOR, Role.APPROVER, body="11140")
    for nobody in (far, court.clerk):
        with pytest.raises(NotYoursToDo):
            writes(nobody, ordered, Result.KEPT)
    with pytest.raises(NotLinesOfTheBill):
        writes(both, ordered, Result.REDUCED)
    with pytest.raises(NotLinesOfTheBill):
        writes(both, ordered, Result.REDUCED, **{f"l{lines_of(petitioner.bill)[0]}": 40_000})
    writes(both, ordered, Result.CANCELLED)
    with pytest.raises(NotYoursToDo):
        confirms(both, ordered)
    with pytest.raises(NotYoursToDo):
        serves(both, ordered)
    read = approver.does(lambda: result_hash(ordered.pk))
    writes(court.assessor, ordered, Result.KEPT)
    with pytest.raises(StaleRuling):
        approver.does(
            lambda: services.confirm_result(case_id=ordered.pk, sha256=read, officer_id=approver.id, at=clock.now())
        )
    confirms(approver, ordered)
    with pytest.raises(NotYoursToDo):
        writes(court.assessor, ordered, Result.CANCELLED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reexamination.objects.update(result=Result.CANCELLED)


def test_nothing_is_examined_anew_that_no_ruling_ordered(as_role: AsRole, court: Court) -> None:
    case = court.rules(a_petitioner(as_role).files(), Outcome.REJECTED)
    with pytest.raises(NotYoursToDo):
        writes(court.assessor, case, Result.KEPT)


def test_from_page_to_page(court: Court, approver: Desk, petitioner: Petitioner, ordered: Case) -> None:
    address = f"/appeals/{ordered.pk}/"
    assessor, second, owner = office_of(court.assessor), office_of(approver), browser_of(petitioner)
    assert "재조사" in text_of(owner.get(address))
    assert str(ordered.number) in text_of(assessor.get("/appeals/"))
    nothing_less = assessor.post(address + "result/write/", {"result": "reduced", "reasons": "kept as typed"})
    assert nothing_less.status_code == 422
    assert "kept as typed" in text_of(nothing_less)
    assert assessor.post(address + "result/confirm/", {"sha256": "x"}).status_code == 403
    said = {"result": "cancelled", "reasons": "The car was sold."}
    assert assessor.post(address + "result/write/", said).status_code == 302
    assert "The car was sold." not in text_of(owner.get(address))
    page = text_of(second.get(address))
    assert "The car was sold." in page
    read = approver.does(lambda: result_hash(ordered.pk))
    assert read in page
    assert second.post(address + "result/confirm/", {"sha256": "yesterday"}).status_code == 422
    assert second.post(address + "result/confirm/", {"sha256": read}).status_code == 302
    assert assessor.post(address + "result/serve/", {"how": "post", "on": today()}).status_code == 422
    assert assessor.post(address + "result/serve/", {"how": "site", "on": today()}).status_code == 302
    court.deliver()
    page = text_of(owner.get(address))
    assert "The car was sold." in page
    assert "제91조" in page
