"""The committee: who is in office, who may not sit, and quorum and majority as the database counts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from accounts.access import Role
from accounts.models import Relative
from appeals import services
from appeals.bench_states import Ground, Office, Profession, RecusalKind, RecusalStatus
from appeals.models import Case, Commission, Entry, Member, Recusal, Signature, Tally
from appeals.selectors import bench, cases, judging
from appeals.services import StaleRuling, committee, votes
from appeals.services.desk import SignaturesWanted
from appeals.states import Event, Outcome
from core import clock
from core.db.session import session_secret
from receipts.models import Document
from tests.appeals.bench_cast import Judge, a_committee, a_panel, as_owner, judges, some_officers, voted
from tests.appeals.cast import Court, Petitioner, a_petitioner, today
from tests.payments.cast import BillFacts
from tests.payments.racing import at_once
from tests.payments.test_cancellations import Desk, a_desk
from tests.support.database import AsRole


@dataclass(frozen=True)
class Sitting:
    """A case before a panel of eleven: chair, vice-chair and five others are there, each at a desk of their own."""

    case: Case
    judges: list[Judge]

    @property
    def chair(self) -> Judge:
        return self.judges[0]

    def opens(self) -> None:
        self.chair.does(lambda: votes.open_tally(case_id=self.case.pk, at=clock.now()))

    def votes(self, *outcomes: str) -> None:
        for judge, said in zip(self.judges, outcomes, strict=False):
            cast = partial(votes.vote, case_id=self.case.pk, outcome=Outcome(said), at=clock.now())
            judge.does(cast)

    def closes(self) -> str:
        return str(self.chair.does(lambda: votes.close_tally(case_id=self.case.pk, at=clock.now())))

    def steps_aside(self, judge: Judge, *, ground: Ground = Ground.INTEREST) -> None:
        judge.does(
            lambda: committee.recuse(
                case_id=self.case.pk, member_id=judge.id, ground=ground, reason="x", officer_id=judge.desk.id,
                at=clock.now(),
            )
        )  # fmt: skip

    def drafts(self, clerk: Desk, reasons: str = "So it is.") -> None:
        said = services.Says(outcome=Outcome.REJECTED, reasons=reasons)
        clerk.does(lambda: services.draft_ruling(case_id=self.case.pk, says=said, officer_id=clerk.id, at=clock.now()))

    def sees(self, judge: Judge) -> Any:
        return judge.does(lambda: judging.deliberation(self.case.pk))

    def signs(self, judge: Judge, *, sha256: str = "") -> None:
        read = sha256 or self.sees(judge).sha256
        judge.does(
            lambda: votes.sign_as_member(case_id=self.case.pk, sha256=read, officer_id=judge.desk.id, at=clock.now())
        )

    def seals(self, judge: Judge) -> None:
        read = self.sees(judge).sha256
        judge.does(
            lambda: services.sign_ruling(case_id=self.case.pk, sha256=read, officer_id=judge.desk.id, at=clock.now())
        )


def a_sitting(petitioner: Petitioner, court: Court, *, came: int = 7) -> Sitting:
    case = petitioner.files()
    members = a_committee(court.chair.id)
    a_panel(members, [case.pk], came=came)
    return Sitting(case, judges(court.clerk.as_role, members[:came], chair=court.chair))


@pytest.fixture
def sitting(petitioner: Petitioner, court: Court) -> Sitting:
    return a_sitting(petitioner, court)


def challenges(petitioner: Petitioner, sitting: Sitting, judge: Judge) -> int:
    case_id = sitting.case.pk
    petitioner.does(
        lambda: committee.challenge(case_id=case_id, member_id=judge.id, reason="They know my rival.", at=clock.now())
    )
    return Recusal.objects.get(member_id=judge.id, kind=RecusalKind.CHALLENGED).pk


def decides(judge: Judge, recusal_id: int, *, granted: bool) -> None:
    judge.does(
        lambda: committee.decide_challenge(
            recusal_id=recusal_id, granted=granted, because="So.", officer_id=judge.desk.id, at=clock.now()
        )
    )


def commissions(court: Court, member_id: int, begins: date, ends: date, office: Office = Office.MEMBER) -> None:
    court.clerk.does(
        lambda: committee.commission(
            member_id=member_id, office=office, begins=begins, ends=ends, officer_id=court.clerk.id, at=clock.now()
        )
    )


def adds(desk: Desk, account: int) -> None:
    desk.does(
        lambda: committee.add_member(
            account_id=account, name="홍위원", profession=Profession.LAWYER, officer_id=desk.id, at=clock.now()
        )
    )


def test_members_have_their_time_in_office_and_a_committee_one_chair(court: Court, as_role: AsRole) -> None:
    first, second = some_officers(2)
    adds(court.clerk, first)
    adds(court.clerk, second)
    with pytest.raises(committee.MemberKnown):
        adds(court.clerk, first)
    with pytest.raises(committee.MayNotJudge):
        adds(court.clerk, a_desk(as_role, "two@example.kr", Role.COMMITTEE_MEMBER, Role.AUDITOR).id)
    with pytest.raises(committee.NotYoursToKeep):
        adds(court.chair, court.chair.id)
    one, other = Member.objects.order_by("pk").values_list("pk", flat=True)
    ends = today() + timedelta(days=99)
    commissions(court, one, today(), ends, Office.CHAIR)
    for member_id, office in ((one, Office.MEMBER), (other, Office.CHAIR)):
        with pytest.raises(committee.CommissionsOverlap):
            commissions(court, member_id, ends, ends + timedelta(days=9), office)
    assert as_owner("SELECT appeals_office_on(%s, %s)", one, ends) == [("chair",)]
    made = Commission.objects.get()
    court.clerk.does(
        lambda: committee.end_commission(
            commission_id=made.pk, last_day=today(), because="moved", officer_id=court.clerk.id, at=clock.now()
        )
    )
    assert as_owner("SELECT appeals_office_on(%s, %s)", one, ends) == [(None,)]
    commissions(court, other, today() + timedelta(days=1), ends, Office.CHAIR)
    shown = court.clerk.does(lambda: bench.member(one, at=clock.now()))
    assert [(time.ends_on, time.last_day, time.ended_because) for time in shown.times] == [(ends, today(), "moved")]


def test_who_levied_or_is_a_relative_is_excluded_without_anybody_saying_so(
    real_bill: BillFacts, officers: Any, court: Court
) -> None:
    petitioner = a_petitioner(court.clerk.as_role, real_bill)
    case = petitioner.files()
    members = a_committee(court.chair.id)
    near = Member.objects.get(pk=members[3])
    Relative.objects.create(
        officer_id=near.account_id, relation="sibling", name="x", taxpayer_id=petitioner.bill.taxpayer_id
    )
    as_owner("UPDATE appeals_member SET account_id = %s WHERE id = %s", officers.approver, members[4])
    a_panel(members, [case.pk])
    shown = court.clerk.does(lambda: judging.bench_of(case.pk))
    assert {one.member_id: one.barred for one in shown if one.barred} == {members[3]: "kinship", members[4]: "levied"}
    assert court.clerk.does(lambda: judging.standing_of(case.pk)).present == 5


def test_a_recusal_that_breaks_the_quorum_stops_the_vote(petitioner: Petitioner, court: Court) -> None:
    sitting = a_sitting(petitioner, court, came=6)
    sitting.opens()
    sitting.votes(*["rejected"] * 5)
    leaver = sitting.judges[5]
    sitting.steps_aside(leaver)  # the round that ran is over, and nothing is carried
    with pytest.raises(votes.NoQuorum):
        sitting.opens()
    with pytest.raises(votes.NotAtTheTable):
        sitting.votes("rejected")
    with pytest.raises(services.NotCarried):
        sitting.drafts(court.clerk)
    assert sitting.sees(leaver) is None
    with pytest.raises(cases.NoSuchCase):
        leaver.does(lambda: cases.detail(sitting.case.pk, at=clock.now()))
    standing = court.clerk.does(lambda: judging.standing_of(sitting.case.pk))
    assert (standing.present, standing.seats, standing.has_quorum) == (5, 11, False)
    assert Entry.objects.get(event=Event.STEPPED_ASIDE).text == leaver.name


def test_a_challenge_is_decided_before_the_vote_and_never_by_who_was_challenged(
    petitioner: Petitioner, sitting: Sitting
) -> None:
    chair, vice, third, *_ = sitting.judges
    of_chair, of_third = (challenges(petitioner, sitting, judge) for judge in (chair, third))
    with pytest.raises(committee.ChallengedBefore):
        challenges(petitioner, sitting, third)
    with pytest.raises(votes.ChallengeWaits):
        sitting.opens()
    for judge, asked in ((chair, of_chair), (third, of_third), (sitting.judges[4], of_third)):
        with pytest.raises(committee.NotYoursToDecide):
            decides(judge, asked, granted=False)
    decides(vice, of_chair, granted=False)
    decides(chair, of_third, granted=True)
    with pytest.raises(committee.NotYoursToDecide):
        decides(chair, of_third, granted=False)
    sitting.opens()
    assert len(sitting.sees(chair).rounds[0].votes) == 1, "an open vote shows one's own"
    assert sitting.sees(third) is None
    seen = petitioner.does(lambda: judging.challenges(case_id=sitting.case.pk))
    assert [(one.status, one.because) for one in seen] == [
        (RecusalStatus.REFUSED, "So."),
        (RecusalStatus.STANDS, "So."),
    ]


def test_a_challenge_by_somebody_else_or_after_the_vote_is_none(
    petitioner: Petitioner, sitting: Sitting, as_role: AsRole
) -> None:
    with pytest.raises(committee.NotYoursToChallenge):
        challenges(a_petitioner(as_role), sitting, sitting.chair)
    voted(sitting.case.pk, "rejected")
    with pytest.raises(committee.NotYoursToChallenge):
        challenges(petitioner, sitting, sitting.chair)


def test_votes_carry_by_more_than_half_of_who_is_there_and_stay(sitting: Sitting) -> None:
    with pytest.raises(votes.NotAtTheTable):
        sitting.judges[1].does(lambda: votes.open_tally(case_id=sitting.case.pk, at=clock.now()))
    sitting.opens()
    sitting.votes("rejected", "rejected", "rejected", "cancelled", "cancelled", "cancelled")
    assert sitting.closes() == "", "three of seven are no majority, and who is silent counts as there"
    sitting.opens()
    sitting.votes("cancelled", "rejected", "rejected", "rejected")
    sitting.votes("rejected")  # as long as the vote is open
    assert sitting.closes() == "rejected"
    for attempt in (lambda: sitting.votes("cancelled"), sitting.opens, sitting.closes):
        with pytest.raises(votes.NotAtTheTable):
            attempt()
    shown = sitting.sees(sitting.judges[2]).rounds[1]
    assert [vote for _, vote in shown.votes] == ["rejected"] * 4 + [""] * 3


CHANGES = (
    "UPDATE appeals_vote SET outcome = 'cancelled', voted_at = now()",
    "DELETE FROM appeals_vote",
    "UPDATE appeals_tally SET carried = 'cancelled'",
    "UPDATE appeals_tally SET closed_at = NULL",
    "UPDATE appeals_benchseat SET member_id = member_id + 100",
    "UPDATE appeals_ruling SET present = 11",
    "INSERT INTO appeals_vote (tally_id, member_id, outcome) SELECT t.id, m.id, '' FROM appeals_tally t, "
    "appeals_member m ORDER BY m.id DESC LIMIT 1",
    "INSERT INTO appeals_tally (case_id, panel_id, round, presides_id, opened_at, closed_at, carried) "
    "SELECT case_id, panel_id, 2, presides_id, now(), now(), 'dismissed' FROM appeals_tally",
)


def test_not_even_the_owner_carries_or_changes_a_vote(sitting: Sitting, court: Court) -> None:
    voted(sitting.case.pk, "rejected")
    sitting.drafts(court.clerk)
    for statement in CHANGES:
        with pytest.raises(psycopg.Error, match=r"stays|append-only|quorum|otherwise|duplicate"):
            as_owner(statement)


def test_a_panel_without_quorum_carries_nothing_whatever_writes_it(petitioner: Petitioner, court: Court) -> None:
    sitting = a_sitting(petitioner, court, came=5)
    with pytest.raises(psycopg.Error, match="no quorum"):
        voted(sitting.case.pk, "rejected", in_favour=5)


def test_two_votes_opened_at_once_are_one(sitting: Sitting, database_name: str) -> None:
    def opens(as_role: AsRole) -> bool:
        with as_role("office"), session_secret(sitting.chair.desk.secret), transaction.atomic():
            try:
                votes.open_tally(case_id=sitting.case.pk, at=clock.now())
            except votes.NotAtTheTable:
                return False
            return True

    assert sorted(at_once(database_name, [opens, opens])) == [False, True]
    assert Tally.objects.count() == 1


def test_everybody_who_decided_signs_what_they_read_then_the_chair_seals(sitting: Sitting, court: Court) -> None:
    voted(sitting.case.pk, "rejected")
    sitting.drafts(court.clerk, "First.")
    old = sitting.sees(sitting.chair).sha256
    sitting.signs(sitting.judges[1])
    sitting.drafts(court.clerk, "Second.")
    with pytest.raises(StaleRuling):
        sitting.signs(sitting.judges[2], sha256=old)
    for judge in sitting.judges[1:6]:
        sitting.signs(judge)
    with pytest.raises(SignaturesWanted):
        sitting.seals(sitting.chair)
    last, why = sitting.judges[6], "in hospital"
    with pytest.raises(votes.NotAtTheTable):
        notes_unable(sitting, sitting.judges[2], last, why)
    notes_unable(sitting, sitting.chair, last, why)
    with pytest.raises(services.NotYoursToDo):
        sitting.seals(sitting.judges[1])
    sitting.seals(sitting.chair)
    assert Signature.objects.filter(unable="").exclude(sha256=old).count() == 6
    court.serves(sitting.case)
    court.deliver()
    facts = Document.objects.get(kind="ruling").facts
    assert [one["ko"] for one in facts["bench"]][:2] == ["위원장 위원1", "부위원장 위원2"]
    assert "출석위원 과반수" in facts["vote"]["ko"]


def notes_unable(sitting: Sitting, judge: Judge, who: Judge, why: str) -> None:
    judge.does(
        lambda: votes.note_unable(
            case_id=sitting.case.pk, member_id=who.id, why=why, officer_id=judge.desk.id, at=clock.now()
        )
    )


def test_a_member_who_is_named_drafts_and_another_seals(sitting: Sitting) -> None:
    voted(sitting.case.pk, "rejected")
    drafter = sitting.judges[2]
    with pytest.raises(services.NotYoursToDo):
        sitting.drafts(drafter.desk)
    sitting.chair.does(lambda: votes.name_drafter(case_id=sitting.case.pk, member_id=drafter.id))
    sitting.drafts(drafter.desk)
    for judge in sitting.judges[1:]:
        sitting.signs(judge)
    sitting.seals(sitting.chair)
    sitting.case.refresh_from_db()
    assert sitting.case.ruling.drafted_by_id == drafter.desk.id


SECRETS = ("appeals_vote", "appeals_note")
INSIDE = (*SECRETS, "appeals_tally", "appeals_signature", "appeals_recusal", "appeals_ruling")


def test_deliberations_and_votes_are_closed_at_every_door_but_the_benchs(
    sitting: Sitting, court: Court, petitioner: Petitioner, as_role: AsRole
) -> None:
    """SQL as the office's login: auditor, administrator, clerk, who levied, who stepped aside, other members."""
    case_id = sitting.case.pk
    note = "Between us: the file is thin."
    sitting.judges[3].does(lambda: votes.write_note(case_id=case_id, text=note, at=clock.now()))
    sitting.steps_aside(sitting.judges[6])
    voted(case_id, "rejected")
    sitting.drafts(court.clerk)
    sitting.signs(sitting.judges[1])
    court.answers(sitting.case)

    def many(desk: Desk) -> dict[str, int]:
        return dict(desk.does(lambda: {table: count(table) for table in INSIDE}))

    inside = many(sitting.judges[2].desk)
    assert min(inside.values()) > 0
    assert sitting.sees(sitting.judges[2]).notes[0].text == note
    everybody: list[tuple[Desk, Callable[[str], bool]]] = [
        (court.clerk, lambda table: table in SECRETS),
        (court.assessor, lambda _: True),
        (sitting.judges[6].desk, lambda _: True),
        (a_desk(as_role, "auditor@example.kr", Role.AUDITOR), lambda _: True),
        (a_desk(as_role, "admin@example.kr", Role.ADMINISTRATOR), lambda _: True),
        (
            a_desk(as_role, "many@example.kr", Role.AUDITOR, Role.COURT_CLERK, Role.CHAIR),
            lambda table: table in SECRETS,
        ),
        (a_desk(as_role, "other@example.kr", Role.CHAIR), lambda table: table in (*SECRETS, "appeals_ruling")),
        (a_desk(as_role, "member@example.kr", Role.COMMITTEE_MEMBER), lambda _: True),
    ]
    for desk, closed in everybody:
        assert {table: found for table, found in many(desk).items() if closed(table) and found} == {}, desk
        assert desk.does(lambda: judging.deliberation(case_id)) is None
    for face in ("public", "intake", "worker"):
        for table in SECRETS:
            with as_role(face), pytest.raises(DatabaseError), transaction.atomic():
                count(table)
    with pytest.raises(DatabaseError):
        petitioner.does(lambda: count("appeals_tally"))
    told = as_owner("SELECT string_agg(details::text || reason, ' ') FROM core_auditrecord")[0][0]
    assert note not in told
    assert "rejected" not in told.replace('{"outcome": "rejected"}', ""), (
        "the trail says what was drafted, not who voted how"
    )


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        ((found,),) = cursor.fetchall()
    return int(found)
