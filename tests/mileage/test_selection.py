"""Model taxpayers: who may be one, a draw that anybody can repeat, and the certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.access import Role
from accounts.models import Taxpayer
from billing.services import defer_bill
from core import clock, drawing
from core.log import append_leaf
from mileage import services
from mileage.checks import draws_as_sealed
from mileage.functions import call
from mileage.models import Candidate, Draw, DrawSecret
from mileage.rules.pack import pack
from mileage.services import DrawNeedsAnother, NoEventHere, YearNotBegun
from payments import services as payments
from payments.gateways.base import Movement, MovementKind
from payments.good_payers import good_payers
from payments.rules.allocation import Share
from payments.states import Channel
from receipts.models import Document
from receipts.rendering import fonts
from receipts.rendering.kinds import PAPERS
from receipts.rendering.paper import Issue
from tests.accounts.people import at_a_desk, officer
from tests.billing.people import citizen_client, officer_client
from tests.mileage.world import a_taxpayer
from tests.payments.cast import BillFacts, a_bill
from tests.receipts.papers import FONTS, LETTERHEAD, NOW, NUMBER
from tests.support.database import AsRole
from tests.support.faces import FaceClient

YEAR = 2026
RULE = {"years": 2, "each_year": 1, "clean_years": 3}


def told_people(*, rule: dict[str, object], year: int) -> list[int]:
    return sorted(Taxpayer.objects.values_list("pk", flat=True))


@pytest.fixture
def people(db: None, settings: object) -> list[Taxpayer]:
    settings.GOOD_PAYERS = "tests.mileage.test_selection.told_people"  # type: ignore[attr-defined]
    return [a_taxpayer() for _ in range(5)]


def begun(as_role: AsRole, places: int = 2) -> Draw:
    with at_a_desk(as_role, Role.APPROVER, email="one@example.com"):
        number = services.begin_draw(year=YEAR, places=places, at=clock.now())
    return Draw.objects.get(pk=number)


EVENT = "연금복권 제1회"


def named(draw: Draw) -> None:
    """As if the event had been named the week before, and were of today."""
    today = clock.local_date(clock.now())
    Draw.objects.filter(pk=draw.pk).update(event=EVENT, event_on=today)
    append_leaf(kind="draw.event", reference=str(YEAR), content={"event": EVENT, "event_on": today.isoformat()})


def test_a_draw_binds_the_seed_then_the_list_and_anybody_repeats_it(
    people: list[Taxpayer],
    as_role: AsRole,
    public_client: FaceClient,
    deliver_events: Callable[[], int],
    tmp_path: Path,
) -> None:
    draw = begun(as_role)
    deliver_events()
    draw.refresh_from_db()
    assert (draw.status, draw.candidates_count, draw.seed) == ("listed", 5, "")
    named(draw)
    with at_a_desk(as_role, Role.APPROVER, email="one@example.com"), pytest.raises(DrawNeedsAnother):
        services.reveal_draw(draw_id=draw.pk, outcome="1 2 3", at=clock.now())
    with at_a_desk(as_role, Role.APPROVER, email="two@example.com"):
        with pytest.raises(DatabaseError), transaction.atomic():
            DrawSecret.objects.get()
        services.reveal_draw(draw_id=draw.pk, outcome=" 1  2 3 ", at=clock.now())
        with pytest.raises(DrawNeedsAnother):
            services.reveal_draw(draw_id=draw.pk, outcome="3 2 1", at=clock.now())
    deliver_events()
    page = public_client.get(f"/model-taxpayers/{YEAR}/").content.decode()
    draw.refresh_from_db()
    assert draw.seed in page
    assert not any(person.name in page for person in people)
    told = public_client.get(f"/model-taxpayers/{YEAR}/draw.json").content
    file = tmp_path / "draw.json"
    file.write_bytes(told)
    call_command("verify_draw", str(file))
    for change in (
        {"seed": "00" * 32},
        {"places": 3},
        {"told": "1 2 4"},
        {"candidates": json.loads(told)["candidates"][1:]},
    ):
        file.write_text(json.dumps({**json.loads(told), **change}))
        with pytest.raises(CommandError, match="not as published"):
            call_command("verify_draw", str(file))
    assert Document.objects.filter(kind="model_taxpayer").count() == 2
    winner = Candidate.objects.get(place=1)
    own = citizen_client(as_role, Taxpayer.objects.get(pk=winner.holder_id))
    assert winner.mark in own.get("/mileage/").content.decode()
    assert "모범납세자 증명서" in own.get("/receipts/").content.decode()
    assert list(draws_as_sealed()) == []


def test_a_list_that_was_published_is_not_changed(
    people: list[Taxpayer], as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    draw = begun(as_role)
    deliver_events()
    with pytest.raises(DatabaseError), transaction.atomic():
        Candidate.objects.create(draw=draw, holder_id=people[0].pk, mark="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Candidate.objects.all()[0].delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.update(list_hash="0" * 64)


@settings(max_examples=30, deadline=None)
@given(marks=st.lists(st.text("abcdef0123456789", min_size=1, max_size=8), max_size=20), places=st.integers(1, 25))
def test_a_draw_depends_on_nothing_but_what_is_published(marks: list[str], places: int) -> None:
    first = drawing.drawn(marks=marks, seed=bytes(32), told="7", places=places)
    assert first == drawing.drawn(marks=list(reversed(marks)), seed=bytes(32), told="7", places=places)
    assert len(first) == min(places, len(set(marks)))
    assert set(first) <= set(marks)


def test_whoever_knows_seed_and_list_does_not_know_who_is_drawn() -> None:
    marks = [f"{number:02d}" for number in range(50)]
    winners = {drawing.drawn(marks=marks, seed=bytes(32), told=str(told), places=1)[0] for told in range(200)}
    assert len(winners) > 40  # nearly everybody, by how the lottery comes out


def test_the_event_is_to_come_is_named_once_and_nothing_is_drawn_before_it(
    people: list[Taxpayer], as_role: AsRole, deliver_events: Callable[[], int], tmp_path: Path
) -> None:
    draw = begun(as_role)
    today = clock.local_date(clock.now())
    tomorrow = today + timedelta(days=1)
    with at_a_desk(as_role, Role.APPROVER, email="one@example.com"), pytest.raises(NoEventHere):
        services.name_event(draw_id=draw.pk, event=EVENT, on=tomorrow)  # the list is not there
    deliver_events()
    with at_a_desk(as_role, Role.APPROVER, email="two@example.com"):
        with pytest.raises(DrawNeedsAnother):
            services.reveal_draw(draw_id=draw.pk, outcome="1 2 3", at=clock.now())
        for on in (today, today - timedelta(days=1), today + timedelta(days=400)):
            with pytest.raises(NoEventHere):
                services.name_event(draw_id=draw.pk, event=EVENT, on=on)
        services.name_event(draw_id=draw.pk, event=EVENT, on=tomorrow)
        with pytest.raises(NoEventHere):
            services.name_event(draw_id=draw.pk, event="another", on=tomorrow)
        with pytest.raises(DrawNeedsAnother):
            services.reveal_draw(draw_id=draw.pk, outcome="1 2 3", at=clock.now() + timedelta(days=2))
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.update(event_on=today)
    with at_a_desk(as_role, Role.TREASURER, email="three@example.com"), pytest.raises(DrawNeedsAnother):
        services.reveal_draw(draw_id=draw.pk, outcome="1 2 3", at=clock.now())
    assert list(draws_as_sealed()) == []


def test_a_year_ahead_and_a_rule_of_ones_own_are_no_selection(
    people: list[Taxpayer], as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    with at_a_desk(as_role, Role.APPROVER, email="one@example.com"):
        with pytest.raises(YearNotBegun):
            services.begin_draw(year=clock.local_date(clock.now()).year + 1, places=2, at=clock.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            call("mileage_begin_draw", 2099, 2, json.dumps(RULE), clock.now())
        call("mileage_begin_draw", YEAR, 2, json.dumps({**RULE, "years": 0}), clock.now())
    deliver_events()
    assert Draw.objects.get().status == "begun"
    assert not DrawSecret.objects.exists()


def test_what_may_still_be_paid_makes_nobody_late(db: None) -> None:
    person, now = a_taxpayer(), clock.now()
    today = clock.local_date(now)
    for year in (today.year - 1, today.year):
        _paid(person, date(year, 6, 30), date(year, 6, 20))
    last = a_bill(due=today - timedelta(days=5), of=_facts(person))
    assert good_payers(rule=RULE, year=today.year + 1) == []
    defer_bill(
        bill_id=last.id,
        from_on=today - timedelta(days=6),
        until_on=today + timedelta(days=5),
        reason="재해",
        asked_by_id=officer("clerk@example.kr").account,
        at=now - timedelta(days=6),
    )
    assert good_payers(rule=RULE, year=today.year + 1) == [person.pk]


def test_who_paid_one_tax_late_within_the_years_is_no_candidate(db: None) -> None:
    good, late, few = (a_taxpayer() for _ in range(3))
    for person, dues in ((good, ("2024", "2025")), (late, ("2024", "2025")), (few, ("2025",))):
        for year in dues:
            _paid(person, date(int(year), 6, 30), date(int(year), 7 if person is late and year == "2024" else 6, 20))
    assert good_payers(rule=RULE, year=YEAR) == [good.pk]
    assert good_payers(rule={**RULE, "each_year": 2}, year=YEAR) == []


def _paid(person: Taxpayer, due: date, on: date) -> None:
    bill = a_bill(due=due, of=_facts(person))
    at = datetime.combine(on, time(3), UTC)
    owed = 52_000 + (1_560 if on > due else 0)
    payments.pay_directly(
        gateway="statement:088",
        channel=Channel.BANK_TRANSFER,
        movement=Movement(f"M-{bill.id}", MovementKind.DEPOSIT, owed, at),
        shares=[Share(bill.id, owed)],
        at=clock.now(),
    )


def _facts(person: Taxpayer) -> BillFacts:
    return BillFacts(0, "", 0, person.name, person.pk)


def test_the_certificate_is_drawn(db: None) -> None:
    rule = pack().selection(date(YEAR, 1, 1))
    assert rule is not None
    assert asdict(rule)["years"] == 8
    facts = {"taxpayer": {"name": "한마일"}, "year": YEAR, "valid_until": "2026-12-31", "mark": "ab", "total": 0}
    paper = PAPERS["model_taxpayer"]
    fonts.register(FONTS)
    issue = Issue(number=NUMBER, issued_at=NOW, verify_url="https://etax.example.kr/")
    assert paper.render(facts=paper.read(facts), letterhead=LETTERHEAD, issue=issue).startswith(b"%PDF")


def test_the_office_sees_grades_and_begins_a_selection_once(people: list[Taxpayer], as_role: AsRole) -> None:
    one = officer_client(as_role, "one@example.kr", Role.APPROVER)
    form = {"year": str(YEAR), "places": "2"}
    assert one.post("/mileage/selections/", form).status_code == 302
    assert one.post("/mileage/selections/", form).status_code == 422
    assert one.post("/mileage/selections/", {"year": "2010", "places": "1"}).status_code == 422
    assert one.get("/mileage/selections/").status_code == 200


def test_the_approvers_walk_through_a_selection_on_the_pages(
    people: list[Taxpayer], as_role: AsRole, deliver_events: Callable[[], int]
) -> None:
    draw = begun(as_role)
    deliver_events()
    two = officer_client(as_role, "two@example.kr", Role.APPROVER)
    event, reveal = (f"/mileage/selections/{draw.pk}/{step}/" for step in ("event", "reveal"))
    name, on, outcome = (f"draw{draw.pk}-{field}" for field in ("event", "on", "outcome"))
    bad = two.post(event, {name: EVENT, on: "2020-01-01"})
    assert bad.status_code == 422
    assert EVENT in bad.content.decode()
    tomorrow = clock.local_date(clock.now()) + timedelta(days=1)
    assert two.post(event, {name: EVENT, on: tomorrow.isoformat()}).status_code == 302
    assert outcome in two.get("/mileage/selections/").content.decode()
    early = two.post(reveal, {outcome: "1 2 3"})
    assert early.status_code == 422
    assert "1 2 3" in early.content.decode()
