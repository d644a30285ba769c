"""Hearings in a real browser: the clerk plans, everybody looks, somebody keeps a seat, the case is heard."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import Page

from accounts.access import Role
from appeals.models import Slot
from appeals.services.planning import make_plans
from appeals.services.seats import mail_seats
from core import clock
from tests.appeals.cast import Court, a_petitioner
from tests.appeals.sittings import begins, comes, is_over, open_sittings, slot_of
from tests.appeals.test_in_a_browser import look, signed_in
from tests.billing.people import officer_session
from tests.support.browser import NewVisitor, complaints
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]


def test_a_hearing_from_the_plan_to_the_seat_and_the_minutes(
    court: Court, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    """The office in Korean, everybody else in English."""
    as_role = court.clerk.as_role
    petitioner, other = a_petitioner(as_role), a_petitioner(as_role)
    case = petitioner.files(public_hearing=True, remote=True)
    other.files()
    open_sittings(court)
    sites = {"public": serve_face("public"), "office": serve_face("office")}
    secret = officer_session(as_role, "plans@example.kr", Role.COURT_CLERK, Role.ASSESSOR)
    desk = signed_in(visitor("ko"), sites["office"], "office_session", secret)
    heard = complaints(desk)
    desk.goto(f"{sites['office']}/appeals/hearings/")
    look(desk, heard)
    desk.locator("form[action$='/hearings/plan/'] button").click()
    look(desk, heard)
    make_plans(at=clock.now())
    desk.reload()
    look(desk, heard)
    desk.locator("form[action$='/fix/'] button").click()
    look(desk, heard)
    slot = slot_of(case)
    desk.goto(f"{sites['office']}/appeals/hearings/rooms/{slot.session_id}/")
    look(desk, heard)

    _keeps_a_seat(signed_in(visitor("en"), sites["public"], "sessionid", petitioner.secret), sites["public"], slot)
    comes(court, slot, at=begins(slot))
    desk.goto(f"{sites['office']}/appeals/hearings/{slot.pk}/")
    look(desk, heard)
    is_over(court, slot, at=begins(slot))
    desk.reload()
    desk.locator("form[action$='/minutes/'] button[type=submit]").click()
    look(desk, heard)


def _keeps_a_seat(page: Page, site: str, slot: Slot) -> None:
    heard = complaints(page)
    page.goto(f"{site}/appeals/{slot.case_id}/")
    look(page, heard)
    page.goto(f"{site}/appeals/hearings/")
    look(page, heard)
    page.locator(f"a[href$='/hearings/{slot.session.day}/']").click()
    look(page, heard)
    page.locator(f"a[href$='/seats/{slot.session_id}/']").click()
    look(page, heard)
    page.locator("[name=email]").fill("listener@example.com")
    page.locator("main form button[type=submit]").click()
    look(page, heard)
    mail_seats(at=clock.now())
    found = re.search(r"/appeals/hearings/seat/[\w-]+/", str(mail.outbox[-1].body))
    assert found
    page.goto(site + found[0])
    look(page, heard)
    page.locator("button[value=confirm]").click()
    look(page, heard)
    page.locator("button[value=leave]").click()
    look(page, heard)
