"""A refund in a real browser: its owner says how it goes back, officers decide, its owner sees what became of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from accounts.access import Role
from accounts.models import Taxpayer
from refunds.models import Refund
from refunds.states import Status
from tests.billing.people import citizen_session, officer_session
from tests.payments.cast import a_bill
from tests.refunds.cast import Office, days_ago, pays
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.database import AsRole
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium"), pytest.mark.timeout(300)]


def signed_in(context: BrowserContext, site: str, name: str, secret: str) -> Page:
    context.add_cookies([{"name": name, "value": secret, "url": site}])
    return context.new_page()


def look(page: Page, heard: list[str]) -> None:
    assert heard == []
    assert faults(page) == []
    heard.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_owners_wish_to_the_officers_yes(
    office: Office, as_role: AsRole, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    bill = a_bill()
    a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)
    pays(bill, 90_000, on=days_ago(20))
    office.deliver()
    refund = Refund.objects.get()
    sites = {"public": serve_face("public"), "office": serve_face("office")}
    owner = citizen_session(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id))
    page = signed_in(visitor(language), sites["public"], "sessionid", owner)
    heard = complaints(page)
    page.goto(f"{sites['public']}/refunds/")
    look(page, heard)
    page.get_by_role("main").locator(f"a[href='/refunds/{refund.pk}/']").click()
    look(page, heard)
    donation = page.locator("input[name=way][value=donation]")
    page.locator(f"label[for={donation.get_attribute('id')}]").click()
    assert donation.is_checked()
    page.locator("form.et-form button[type=submit]").click()
    look(page, heard)
    office.deliver()

    for path, roles, fields in (
        ("assess", (Role.COLLECTOR,), {"reason": "looked at"}),
        ("approve", (Role.REFUND_APPROVER,), {}),
    ):
        desk = signed_in(
            visitor(language),
            sites["office"],
            "office_session",
            officer_session(as_role, f"{path}@example.kr", *roles, body="11110"),
        )
        heard = complaints(desk)
        desk.goto(f"{sites['office']}/refunds/{refund.pk}/")
        look(desk, heard)
        for name, value in fields.items():
            desk.locator(f"input[name={name}]").fill(value)
        desk.locator(f"form[action$='/{path}/'] button[type=submit]").click()
        look(desk, heard)
        office.deliver()

    refund.refresh_from_db()
    assert refund.status == Status.PAID
    heard = complaints(page)
    page.goto(f"{sites['public']}/refunds/{refund.pk}/")
    look(page, heard)
    assert page.locator(".krds-badge").first.inner_text() == ("환급 완료" if language == "ko" else "Paid back")
