"""Model taxpayers: who may be one, a draw that anybody can repeat, and the certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.access import Role
from accounts.models import Taxpayer
from core import clock, drawing
from mileage import services
from mileage.checks import draws_as_sealed
from mileage.models import Candidate, Draw, DrawSecret
from mileage.rules.pack import pack
from mileage.services import DrawNeedsAnother
from payments import services as payments
from payments.gateways.base import Movement, MovementKind
from payments.good_payers import good_payers
from payments.rules.allocation import Share
from payments.states import Channel
from receipts.models import Document
from receipts.rendering import fonts
from receipts.rendering.kinds import PAPERS
from receipts.rendering.paper import Issue
from tests.accounts.people import at_a_desk
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
    with at_a_desk(as_role, Role.APPROVER, email="one@example.com"), pytest.raises(DrawNeedsAnother):
        services.reveal_draw(draw_id=draw.pk, at=clock.now())
    with at_a_desk(as_role, Role.APPROVER, email="two@example.com"):
        with pytest.raises(DatabaseError), transaction.atomic():
            DrawSecret.objects.get()
        services.reveal_draw(draw_id=draw.pk, at=clock.now())
    deliver_events()
    page = public_client.get(f"/model-taxpayers/{YEAR}/").content.decode()
    draw.refresh_from_db()
    assert draw.seed in page
    assert not any(person.name in page for person in people)
    told = public_client.get(f"/model-taxpayers/{YEAR}/draw.json").content
    file = tmp_path / "draw.json"
    file.write_bytes(told)
    call_command("verify_draw", str(file))
    for change in ({"seed": "00" * 32}, {"places": 3}, {"candidates": json.loads(told)["candidates"][1:]}):
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
    first = drawing.drawn(marks=marks, seed=bytes(32), places=places)
    assert first == drawing.drawn(marks=list(reversed(marks)), seed=bytes(32), places=places)
    assert len(first) == min(places, len(set(marks)))
    assert set(first) <= set(marks)


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
