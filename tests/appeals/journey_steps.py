"""What each does in the journey of three cases, step by step as they see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.core import mail
from django.db import connection

from accounts.access import Role
from accounts.enums import Assurance
from accounts.models import Officer
from accounts.services import Person
from appeals.models import Case, Panel, Slot
from appeals.services import assign, votes
from appeals.services.letters import write_letters
from appeals.services.look_at_files import look_at_files
from appeals.services.planning import make_plans
from appeals.states import Outcome
from billing.selectors import standing_amounts
from core import clock
from payments.models import Transfer
from refunds.models import Payee, Refund
from refunds.services import send_refunds
from refunds.states import Status as RefundStatus
from tests.accounts.people import Member, citizen, officer
from tests.appeals.bench_cast import Judge, a_committee, judges, signed_by_members
from tests.appeals.cast import Court, today
from tests.appeals.journey import PHONE, Somebody, at_a_browser, draws_are_told, with_a_password
from tests.appeals.sittings import comes, is_over
from tests.appeals.test_files import a_picture
from tests.payments.cast import BillFacts
from tests.payments.test_cancellations import Desk
from tests.refunds import bank
from tests.support.browser import NewVisitor
from tests.support.database import AsRole
from tests.support.live import ServeFace

REASONS = "{name}은(는) 6월 1일 전에 차량을 매도하였으므로 절반을 인정한다."


@dataclass
class World:
    """Both sites, how somebody comes to them, and what the worker does."""

    serve: ServeFace
    visitor: NewVisitor
    as_role: AsRole
    deliver: Callable[[], int]
    bills: list[BillFacts] = field(default_factory=list)
    looked_at: set[tuple[str, ...]] = field(default_factory=set)

    def citizen(self, person: Person | None, *, language: str, width: int = 1280) -> Somebody:
        member = citizen(str(person.email), person, Assurance.IDENTITY) if person else None
        return self._somebody("public", member, language=language, width=width)

    def officer(self, role: Role, *, language: str = "ko", body: str = "11000") -> Somebody:
        email = f"{role.replace('_', '-')}@example.kr"
        return self.at_desk(officer(email, role, body=body), language=language)

    def at_desk(self, member: Member, *, language: str = "ko", width: int = 1280) -> Somebody:
        return self._somebody("office", member, language=language, width=width)

    def _somebody(self, face: str, member: Member | None, *, language: str, width: int) -> Somebody:
        found = at_a_browser(self.visitor(language), self.serve(face), member, width=width)
        found.looked_at = self.looked_at
        return found


@dataclass(frozen=True)
class Bench:
    """A panel: its chair and one member at browsers, the desks of the others."""

    panel_id: int
    chair: Somebody
    by_hand: Somebody
    others: list[Judge]


def contests(world: World, who: Somebody, bill: BillFacts, **typed: str) -> Case:
    """From the bill's own page to the receipt."""
    told = who.opens(f"/bills/{bill.id}/")
    told = who.follows("a[href^='/appeals/contest/']")
    is_paid = bill is world.bills[0]
    assert "납부" in told if is_paid else "if you lose, you owe" in told, "what waiting costs"
    who.sends("main form:has(button[type=submit])")
    who.page.locator("[name=file]").set_input_files(
        {"name": "proof.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    days = (today() + timedelta(days=30)).isoformat()
    said = {"served_on": "2026-06-12", "grounds": "차를 이미 팔았습니다.", "unavailable": days} | typed
    if "served_on" not in typed:
        said["served_on"] = (today() - timedelta(days=3)).isoformat()
    told = who.sends("#petition", pressing="button[value=file]", **said)
    case = Case.objects.select_related("taxpayer", "begun_by").get(bill_id=bill.id)
    assert str(case.number) in told
    world.deliver()
    look_at_files(at=clock.now())
    return case


def is_dismissed(world: World, clerk: Somebody, chair: Somebody, case: Case) -> None:
    """What came late needs no committee: the clerk drafts it, the chair signs it, it is served."""
    assert str(case.number) in clerk.opens("/appeals/")
    clerk.opens(f"/appeals/{case.pk}/")
    clerk.sends("form[action$='/rule/']", outcome="dismissed", reasons="청구기간이 지났습니다.")
    chair.opens(f"/appeals/{case.pk}/")
    chair.sends("form[action$='/sign/']")
    is_served(world, clerk, case)


def gets_an_advocate(world: World, clerk: Somebody, petitioner: Somebody, case: Case) -> None:
    """The clerk takes two into the pool, the draw says who it is, and that one files a brief."""
    pool = {name: officer(f"{name}@example.kr", Role.SPECIAL_TAX_ADVOCATE) for name in ("first-a", "second-a")}
    for member in pool.values():
        clerk.opens("/appeals/advocates/")
        clerk.follows(f"a[href='/appeals/advocates/{member.account}/']")
        clerk.sends("form[action$='/profile/']", in_pool="on", most="5", phone="02-000-0000", tax_automobile="3")
    assign.gather(at=clock.now())
    draws_are_told(world.deliver)
    told = petitioner.opens(f"/appeals/{case.pk}/advocate/")
    (name,) = (name for name in pool if f"{name}@example.kr" in told)
    advocate = world.at_desk(pool[name], language="en")
    advocate.opens("/appeals/advocate/")
    advocate.follows(f"a[href='/appeals/advocate/{case.pk}/']")
    advocate.sends("form[action$='/brief/']", pressing="button[value=file]", text="이 차는 6월 1일 전에 팔렸습니다.")
    assert "이 차는 6월 1일 전에" in petitioner.opens(f"/appeals/{case.pk}/advocate/")
    clerk.opens("/appeals/advocates/fairness/")


def is_answered(world: World, assessor: Somebody, *cases: Case) -> None:
    for case in cases:
        assessor.opens(f"/appeals/{case.pk}/")
        assessor.sends("form[action$='/answer/']", text="등록원부에 따라 부과하였습니다.")
    world.deliver()


def is_planned_and_told(world: World, clerk: Somebody, *cases: Case) -> int:
    """Sittings are opened, the plan is looked at and fixed, petitioners are written to; the session's number."""
    clerk.opens("/appeals/hearings/")
    clerk.sends("form[action$='/hearings/open/']", until=(today() + timedelta(days=70)).isoformat())
    clerk.sends("form[action$='/hearings/plan/']")
    make_plans(at=clock.now())
    clerk.page.reload()
    told = clerk.looks()
    assert all(str(case.number) in told for case in cases)
    clerk.sends("form[action$='/fix/']")
    world.deliver()
    mail.outbox.clear()
    write_letters(at=clock.now())
    assert {case.begun_by.email for case in cases} <= {to for one in mail.outbox for to in one.to}
    (session_id,) = set(Slot.objects.values_list("session_id", flat=True))
    return int(session_id)


def looks_at_the_calendar(anybody: Somebody, open_case: Case, closed: Case) -> None:
    """Somebody from the street: the public case with its number, the closed one as closed, nobody's name."""
    anybody.opens("/appeals/hearings/")
    told = anybody.follows("main a[href^='/appeals/hearings/2']")
    assert str(open_case.number) in told
    assert str(closed.number) not in told
    assert "Closed hearing" in told
    assert not any(case.taxpayer.name in told for case in (open_case, closed))


def a_panel_is_drawn(world: World, clerk: Somebody, chair: Somebody, session_id: int) -> Bench:
    """Chair, vice-chair and the nine are drawn in the open; one of them has a browser, on a phone."""
    members = a_committee(chair.account)
    clerk.opens("/appeals/panels/")
    clerk.acts(f"session-{session_id}", seats="11")
    draws_are_told(world.deliver)
    panel = Panel.objects.get()
    assert panel.status == "seated"
    clerk.opens(f"/appeals/panels/{panel.pk}/")
    by_hand = world.at_desk(with_a_password(members[2]), language="en", width=PHONE)
    by_hand.opens("/appeals/bench/")
    desks = judges(world.as_role, members[3:], chair=Desk(world.as_role, "", 0))
    return Bench(panel.pk, chair, by_hand, desks)


def is_heard(court: Court, clerk: Somebody, bench: Bench, *cases: Case) -> None:
    """Everybody of the bench is there; who came and who spoke; the minutes, and who signs them off. Of further cases
    both sides come and it ends."""
    clerk.opens(f"/appeals/panels/{bench.panel_id}/")
    for box in clerk.page.locator("[name=there]").all():
        clerk.page.locator(f"label[for={box.get_attribute('id')}]").first.click()
    clerk.acts("attendance")
    slot, *others = (Slot.objects.get(case=case) for case in cases)
    clerk.opens(f"/appeals/hearings/rooms/{slot.session_id}/")
    clerk.follows(f"a[href='/appeals/hearings/{slot.pk}/']")
    for side in ("petitioner", "advocate", "office"):
        clerk.sends("form[action$='/attend/']", side=side, presence="present")
    clerk.sends("form[action$='/begin/']")
    for side in ("petitioner", "advocate", "office"):
        clerk.sends("form[action$='/state/']", side=side, text="진술합니다.")
    clerk.sends("form[action$='/end/']")
    clerk.sends("form[action$='/minutes/']")
    bench.chair.opens(f"/appeals/hearings/{slot.pk}/")
    bench.chair.sends("form[action*='/hearings/minutes/']")
    for other in others:
        comes(court, other, at=clock.now())
        is_over(court, other, at=clock.now())


def decides(world: World, clerk: Somebody, bench: Bench, case: Case) -> None:
    """A vote is opened, cast, closed; the clerk drafts what was carried, members sign it, the chair seals it."""
    inside = f"/appeals/bench/cases/{case.pk}/"
    bench.chair.opens(inside)
    bench.chair.acts("open")
    bench.by_hand.opens(inside)
    bench.by_hand.acts("note", text="3쪽을 보십시오.")
    bench.by_hand.acts("vote", outcome=Outcome.CORRECTED)
    for judge in bench.others:
        judge.does(lambda: votes.vote(case_id=case.pk, outcome=Outcome.CORRECTED, at=clock.now()))
    bench.chair.acts("vote", outcome=Outcome.CORRECTED)
    assert "3쪽을 보십시오." in bench.chair.acts("close")

    halved = {f"line_{line}": str(won // 2) for line, won in standing_amounts(bill_id=case.bill_id).items()}
    clerk.opens(f"/appeals/{case.pk}/")
    clerk.sends(
        "form[action$='/rule/']", outcome=Outcome.CORRECTED, reasons=REASONS.format(name=case.taxpayer.name), **halved
    )
    bench.by_hand.opens("/appeals/bench/")
    bench.by_hand.follows(f"a[href='{inside}']")
    bench.by_hand.acts("sign")
    signed_by_members(case.pk, but=bench.chair.account)
    bench.chair.opens(inside)
    bench.chair.acts("seal")
    is_served(world, clerk, case)


def is_rejected(world: World, court: Court, bench: Bench, clerk: Somebody, case: Case) -> None:
    """The same once more, at the desks and without browsers, until it is served."""
    court.chair.does(lambda: votes.open_tally(case_id=case.pk, at=clock.now()))
    for desk in (court.chair, bench.by_hand.desk(world.as_role), *(judge.desk for judge in bench.others)):
        desk.does(lambda: votes.vote(case_id=case.pk, outcome=Outcome.REJECTED, at=clock.now()))
    court.chair.does(lambda: votes.close_tally(case_id=case.pk, at=clock.now()))
    court.drafts(case, Outcome.REJECTED, reasons="과세기준일 현재 소유자이다.")
    court.signs(case)
    is_served(world, clerk, case)


def is_served(world: World, clerk: Somebody, case: Case) -> None:
    clerk.opens(f"/appeals/{case.pk}/")
    clerk.sends("form[action$='/serve/']", how="site")
    world.deliver()


def comes_back(world: World, who: Somebody, case: Case, bill: BillFacts) -> None:
    """The bill is reduced, the refund opened by itself, assessed and approved by two officers, and paid by the bank."""
    refund = Refund.objects.get()
    assert (refund.amount, refund.interest > 0) == (bill.amount - bill.amount // 2, True)
    told = who.opens(f"/appeals/{case.pk}/")
    assert refund.reference in told
    an_account(refund, who)
    who.follows(f"main a[href='/refunds/{refund.pk}/']")
    who.sends("main form.et-form", way="account")
    for do, role, typed in (
        ("assess", Role.COLLECTOR, {"reason": "결정에 따른 환급"}),
        ("approve", Role.REFUND_APPROVER, {}),
    ):
        officer_ = world.officer(role, body="11110")
        officer_.opens(f"/refunds/{refund.pk}/")
        officer_.sends(f"form[action$='/{do}/']", **typed)
        world.deliver()
    send_refunds(at=clock.now())
    transfer = Transfer.objects.get()
    bank.gets_the_file(connection.settings_dict["NAME"], *Officer.objects.values_list("pk", flat=True)[:2])
    bank.shows_that_it_left(transfer)
    world.deliver()
    refund.refresh_from_db()
    assert refund.status == RefundStatus.PAID
    assert "환급 완료" in who.opens(f"/appeals/{case.pk}/")


def is_published(clerk: Somebody, anybody: Somebody, case: Case) -> None:
    """With nobody in it; found by its words and cited by its address."""
    clerk.opens("/appeals/to-publish/")
    clerk.follows(f"a[href='/appeals/{case.pk}/publish/']")
    clerk.sends(
        "main form.et-form", ground="object", gist_ko="매도한 차량의 자동차세", gist_en="A vehicle that was sold."
    )
    anybody.opens("/decisions/")
    anybody.sends("form[role=search]", q="vehicle")
    told = anybody.follows("main a[href^='/decisions/2']")
    assert "매도한 차량의" in told
    assert case.taxpayer.name not in told


def an_account(refund: Refund, who: Somebody) -> None:
    """An account of the petitioner's, as its bank said."""
    at = clock.now()
    assert refund.taxpayer_id is not None
    Payee.objects.create(
        taxpayer_id=refund.taxpayer_id, bank="20", number="100200300401", status="verified", named="박승우",
        asked_by_id=who.account, language="ko", asked_at=at, usable_at=at, told_at=at,
    )  # fmt: skip
