"""Members hear by mail of their sittings; and somebody presides though neither chair nor vice-chair is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from appeals import services
from appeals.bench_states import Ground
from appeals.models import BenchSeat, Case, Member, StandIn, Tally
from appeals.selectors import judging
from appeals.services import committee, panels, votes
from appeals.services.bench_letters import write_to_members
from appeals.states import Outcome, Status
from core import clock
from tests.appeals.bench_cast import Judge, a_committee, a_panel, as_owner, judges
from tests.appeals.cast import Court, Petitioner, a_petitioner
from tests.appeals.test_committee import a_sitting
from tests.appeals.test_pages import office_of, text_of
from tests.appeals.test_panels_drawn import calls, drawn
from tests.payments.test_cancellations import Desk
from tests.support.database import AsRole


def told() -> list[tuple[str, str]]:
    """Who was written to since, and how the letter begins."""
    mail.outbox.clear()
    write_to_members(at=clock.now())
    return [(letter.to[0], str(letter.body).splitlines()[0]) for letter in mail.outbox]


def test_members_are_told_when_they_are_called_and_when_a_sitting_changes(
    petitioner: Petitioner, court: Court, as_role: AsRole
) -> None:
    cases = [petitioner.files(), a_petitioner(as_role).files()]
    a_committee(court.chair.id, spare=4)
    panel = drawn(court, calls(court, cases))
    called = told()
    emails = {str(seat.member.account.email) for seat in BenchSeat.objects.select_related("member__account")}
    assert {to for to, _ in called} == emails
    assert len(called) == 9
    assert all("참석하게 되었습니다" in line for _, line in called)
    text = str(mail.outbox[0].body)
    assert "2건" in text
    assert petitioner.bill.payer not in text
    assert str(cases[0].number) not in text
    assert told() == [], "once"
    court.clerk.does(lambda: panels.take_off(case_id=cases[1].pk, officer_id=court.clerk.id, at=clock.now()))
    changed = told()
    assert {to for to, _ in changed} == emails
    assert all("바뀌었습니다" in line for _, line in changed)
    leaver = BenchSeat.objects.get(panel=panel, place=4)
    court.clerk.does(
        lambda: panels.give_up_seat(
            panel_id=panel.pk, member_id=leaver.member_id, reason="ill", officer_id=court.clerk.id, at=clock.now()
        )
    )
    court.deliver()
    follows = BenchSeat.objects.get(panel=panel, place=4, left_at=None)
    lines = dict(told())
    assert "않게 되었습니다" in lines[str(Member.objects.get(pk=leaver.member_id).account.email)]
    assert "참석하게 되었습니다" in lines[str(Member.objects.get(pk=follows.member_id).account.email)]
    assert len(lines) == 2


def test_of_a_sitting_that_is_over_nobody_is_told(petitioner: Petitioner, court: Court) -> None:
    a_panel(a_committee(court.chair.id), [petitioner.files().pk])
    mail.outbox.clear()
    assert write_to_members(at=clock.now() + timedelta(days=2)) == 0
    assert mail.outbox == []


def names(desk: Desk, panel: int, member: int) -> None:
    desk.does(lambda: panels.name_standin(panel_id=panel, member_id=member, officer_id=desk.id, at=clock.now()))


def comes(panel: int, judged: list[Judge]) -> None:
    as_owner(
        "UPDATE appeals_benchseat SET came_at = now() WHERE panel_id = %s AND member_id = ANY (%s)",
        panel, [one.id for one in judged],
    )  # fmt: skip


def test_whom_the_chair_named_in_advance_presides_decides_and_seals(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    members = a_committee(court.chair.id)
    panel = a_panel(members, [case.pk], came=0)
    bench = judges(court.clerk.as_role, members[:8], chair=court.chair)
    chair, vice, third, *rest = bench
    for desk, member in ((vice.desk, third.id), (court.clerk, third.id), (chair.desk, vice.id), (chair.desk, chair.id)):
        with pytest.raises(panels.NotNow):
            names(desk, panel, member)
    names(chair.desk, panel, rest[0].id)
    names(chair.desk, panel, third.id)  # the last counts
    assert StandIn.objects.count() == 2
    assert third.name in text_of(office_of(court.clerk).get(f"/appeals/panels/{panel}/"))
    # With both of them barred, a challenge is decided by who stands in.
    for one in (chair, vice):
        court.clerk.does(
            lambda one=one: committee.recuse(  # type: ignore[misc]
                case_id=case.pk, member_id=one.id, ground=Ground.INTEREST, reason="x", officer_id=court.clerk.id,
                at=clock.now(),
            )
        )  # fmt: skip
    petitioner.does(lambda: committee.challenge(case_id=case.pk, member_id=rest[0].id, reason="x", at=clock.now()))
    (asked,) = third.does(judging.to_decide)
    third.does(
        lambda: committee.decide_challenge(
            recusal_id=asked.id, granted=False, because="x", officer_id=third.desk.id, at=clock.now()
        )
    )
    comes(panel, [third, *rest])
    with pytest.raises(panels.NotNow):
        names(chair.desk, panel, rest[1].id)
    with pytest.raises(votes.NotAtTheTable):
        rest[0].does(lambda: votes.open_tally(case_id=case.pk, at=clock.now()))
    third.does(lambda: votes.open_tally(case_id=case.pk, at=clock.now()))
    assert Tally.objects.get().presides_id == third.id
    for one in (third, *rest):
        one.does(lambda: votes.vote(case_id=case.pk, outcome=Outcome.REJECTED, at=clock.now()))
    assert third.does(lambda: votes.close_tally(case_id=case.pk, at=clock.now())) == Outcome.REJECTED
    says = services.Says(outcome=Outcome.REJECTED, reasons="So it is.")
    court.clerk.does(
        lambda: services.draft_ruling(case_id=case.pk, says=says, officer_id=court.clerk.id, at=clock.now())
    )
    sha256 = third.does(lambda: judging.draft_hash(case.pk))
    for one in rest:
        one.does(
            lambda one=one: votes.sign_as_member(  # type: ignore[misc]
                case_id=case.pk, sha256=sha256, officer_id=one.desk.id, at=clock.now()
            )
        )
    third.does(lambda: services.sign_ruling(case_id=case.pk, sha256=sha256, officer_id=third.desk.id, at=clock.now()))
    assert Case.objects.get(pk=case.pk).status == Status.DECIDED


def test_without_a_name_nobody_presides_and_the_chairs_desk_offers_it(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    members = a_committee(court.chair.id)
    panel = a_panel(members, [case.pk], came=0)
    bench = judges(court.clerk.as_role, members[:8], chair=court.chair)
    site = office_of(court.chair)
    page = text_of(site.get("/appeals/bench/"))
    assert f"standin-{panel}" in page
    assert f"standin-{panel}" not in text_of(office_of(bench[2].desk).get("/appeals/bench/"))
    comes(panel, bench[2:])
    assert court.clerk.does(lambda: judging.standing_of(case.pk)).presides is None
    assert f"standin-{panel}" not in text_of(site.get("/appeals/bench/"))


def test_old_deliberations_close(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    members = a_committee(court.chair.id)
    a_panel(members, [case.pk])
    third = judges(court.clerk.as_role, members[:3], chair=court.chair)[2]
    assert third.does(lambda: judging.sits_in(case.pk))
    as_owner("UPDATE appeals_panel SET day = day - 400")
    assert third.does(lambda: judging.sits_in(case.pk)), "it is not decided"
    as_owner("UPDATE appeals_case SET status = 'withdrawn'")
    as_owner("UPDATE appeals_listed SET off_at = NULL")
    assert not third.does(lambda: judging.sits_in(case.pk))
    as_owner("UPDATE appeals_panel SET day = day + 100")
    assert third.does(lambda: judging.sits_in(case.pk))


def test_only_who_opens_bills_gets_a_link_to_one(petitioner: Petitioner, court: Court) -> None:
    case = petitioner.files()
    link = f"/bills/{petitioner.bill.id}/"
    assert link in text_of(office_of(court.assessor).get(f"/appeals/{case.pk}/"))
    for desk in (court.clerk, court.chair):
        assert link not in text_of(office_of(desk).get(f"/appeals/{case.pk}/"))


def test_who_went_while_the_vote_is_open_votes_no_more_until_they_are_back(
    petitioner: Petitioner, court: Court
) -> None:
    sitting = a_sitting(petitioner, court)
    sitting.opens()
    panel, everybody = Tally.objects.get().panel_id, [one.id for one in sitting.judges]

    def there(members: list[int]) -> None:
        clerk, at = court.clerk, clock.now()
        clerk.does(lambda: panels.note_attendance(panel_id=panel, member_ids=members, officer_id=clerk.id, at=at))

    there(everybody[:-1])
    with pytest.raises(votes.NotAtTheTable):
        sitting.votes(*["rejected"] * 7)
    there(everybody)
    sitting.votes(*["rejected"] * 7)
    assert sitting.closes() == "rejected"
