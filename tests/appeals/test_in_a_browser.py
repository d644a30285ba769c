"""Three cases from the bill to the money, all at browsers of their own: upheld in part, rejected, dismissed as late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page

from accounts.access import Role
from accounts.services import Person
from billing.models import Bill
from tests.accounts.people import PARK, SONG
from tests.appeals import journey_steps as steps
from tests.appeals.cast import Court
from tests.appeals.journey import PHONE, the_day_comes
from tests.appeals.journey_steps import World
from tests.billing.conftest import csv_of
from tests.payments.cast import BillFacts
from tests.refunds.cast import pays
from tests.support.browser import NewVisitor, faults
from tests.support.database import AsRole
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium"), pytest.mark.timeout(300)]

LATE = Person(name="김늦음", resident_number="721111-9971862", email="t000309@example.kr")


def signed_in(context: BrowserContext, site: str, name: str, secret: str) -> Page:
    context.add_cookies([{"name": name, "value": secret, "url": site}])
    return context.new_page()


def look(page: Page, heard: list[str]) -> None:
    assert heard == []
    assert faults(page) == []
    heard.clear()


@pytest.fixture
def world(
    issued: Callable[[str], int],
    serve_face: ServeFace,
    visitor: NewVisitor,
    as_role: AsRole,
    deliver: Callable[[], int],
) -> World:
    """Bills of three people for their cars."""
    people = enumerate((PARK, SONG, LATE))
    issued(
        csv_of(
            *(
                {
                    "roll_ref": f"CAR-{number}",
                    "taxpayer_name": person.name,
                    "resident_number": person.resident_number,
                    "vehicle_number": f"12{number}가4567",
                    "displacement_cc": str(1600 + 400 * number),
                }
                for number, person in people
            )
        )
    )
    bills = [
        BillFacts(bill.pk, bill.epay_number, bill.amount, bill.taxpayer.name, bill.taxpayer_id)
        for bill in Bill.objects.order_by("roll_ref").select_related("taxpayer")
    ]
    return World(serve_face, visitor, as_role, deliver, bills)


def test_three_cases_from_the_bill_to_the_money(world: World) -> None:
    paid, waits, late = world.bills
    pays(paid, paid.amount, on=date(2026, 6, 20))
    world.deliver()
    park = world.citizen(PARK, language="ko")
    song = world.citizen(SONG, language="en")
    anybody = world.citizen(None, language="en", width=PHONE)
    kim = world.citizen(LATE, language="en", width=PHONE)
    half = str(paid.amount // 2)
    upheld = steps.contests(world, park, paid, wish="reduce", wish_amount=half, public_hearing="on")
    rejected = steps.contests(world, song, waits, wish="cancel")
    dismissed = steps.contests(world, kim, late, wish="cancel", served_on="2026-06-12")
    clerk, chair = world.officer(Role.COURT_CLERK), world.officer(Role.CHAIR, language="en")
    steps.is_dismissed(world, clerk, chair, dismissed)
    assert "Tax Tribunal" in kim.opens(f"/appeals/{dismissed.pk}/")
    steps.gets_an_advocate(world, clerk, park, upheld)
    assessor = world.officer(Role.ASSESSOR, body="11110", language="en")
    steps.is_answered(world, assessor, upheld, rejected)
    session_id = steps.is_planned_and_told(world, clerk, upheld, rejected)
    steps.looks_at_the_calendar(anybody, upheld, rejected)
    bench = steps.a_panel_is_drawn(world, clerk, chair, session_id)
    the_day_comes(session_id)
    at_desks = [one.desk(world.as_role) for one in (clerk, chair, assessor)]
    court = Court(at_desks[0], at_desks[1], at_desks[2], world.deliver)
    steps.is_heard(court, clerk, bench, upheld, rejected)
    steps.decides(world, clerk, bench, upheld)
    steps.is_rejected(world, court, bench, clerk, rejected)
    assert "Tax Tribunal" in song.opens(f"/appeals/{rejected.pk}/")
    steps.comes_back(world, park, upheld, paid)
    steps.is_published(clerk, anybody, upheld)
