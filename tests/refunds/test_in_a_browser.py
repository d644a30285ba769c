"""Refunds in a real browser: an owner says how money goes back and claims more, officers decide, the owner sees it.

Everything happens once, and every page on the way is looked at in both languages.
"""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page

from accounts.access import Role
from accounts.models import Taxpayer
from core import clock
from refunds.models import Claim, Refund
from refunds.services import look_at_claim_files
from refunds.states import Status
from tests.appeals.test_files import a_picture
from tests.billing.people import citizen_session, officer_session
from tests.payments.cast import a_bill
from tests.refunds.cast import Office, days_ago, pays
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.database import AsRole
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]
COOKIES: Final = {"public": "sessionid", "office": "office_session"}


class Somebody:
    """Who is signed in, in a browser of each language; what they do, they do in the first."""

    def __init__(self, visitor: NewVisitor, site: str, face: str, secret: str) -> None:
        self.site = site
        self.pages = [self._page(visitor(language), COOKIES[face], secret) for language in LANGUAGES]
        self.heard = [complaints(page) for page in self.pages]
        self.does = self.pages[0]

    def _page(self, context: BrowserContext, cookie: str, secret: str) -> Page:
        context.add_cookies([{"name": cookie, "value": secret, "url": self.site}])
        return context.new_page()

    def opens(self, path: str) -> None:
        for page in self.pages:
            page.goto(self.site + path)
        self.looks()

    def looks(self) -> None:
        """Nothing is wrong with what they see."""
        for page, heard in zip(self.pages, self.heard, strict=True):
            assert heard == []
            assert faults(page) == []

    def presses(self, form: str = "form.et-form") -> None:
        """Send a form; what comes then is good too."""
        self.does.locator(f"{form} button[type=submit]").click()
        assert self.heard[0] == []
        assert faults(self.does) == []

    def ticks(self, name: str, value: str) -> None:
        box = self.does.locator(f"input[name={name}][value={value}]")
        self.does.locator(f"label[for={box.get_attribute('id')}]").click()
        assert box.is_checked()


def test_from_the_owners_wish_to_the_officers_yes(
    office: Office, as_role: AsRole, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    bill = a_bill()
    a_bill(due=days_ago(40), of=bill, tax=10_000, education=3_000)
    pays(bill, 90_000, on=days_ago(20))
    office.deliver()
    refund = Refund.objects.get()
    public, desk = serve_face("public"), serve_face("office")
    owner = Somebody(visitor, public, "public", citizen_session(as_role, Taxpayer.objects.get(pk=bill.taxpayer_id)))
    owner.opens("/refunds/")
    owner.does.get_by_role("main").locator(f"a[href='/refunds/{refund.pk}/']").click()
    owner.opens(f"/refunds/{refund.pk}/")
    owner.ticks("way", "donation")
    owner.presses()
    office.deliver()

    owner.opens(f"/refunds/claim/{bill.id}/")
    owner.ticks("ground", "request")
    owner.does.locator("input[name^=line_]").first.fill("30,000")
    owner.does.locator("textarea[name=text]").fill("A smaller car.")
    paper = FilePayload(name="registration.png", mimeType="image/png", buffer=a_picture())
    owner.does.locator("input[type=file]").set_input_files(paper)
    owner.presses()
    claim = Claim.objects.get()
    assert claim.wanted["lines"] != {}
    look_at_claim_files(at=clock.now())
    owner.opens(f"/refunds/claims/{claim.pk}/")
    assert owner.does.get_by_role("link", name="registration.png").is_visible()
    owner.opens("/refunds/")

    for path, roles in (("assess", (Role.COLLECTOR,)), ("approve", (Role.REFUND_APPROVER,))):
        secret = officer_session(as_role, f"{path}@example.kr", *roles, body="11110")
        officer = Somebody(visitor, desk, "office", secret)
        officer.opens(f"/refunds/{refund.pk}/")
        if path == "assess":
            officer.does.locator("input[name=reason]").fill("looked at")
        officer.presses(f"form[action$='/{path}/']")
        office.deliver()
        if path == "assess":
            officer.opens("/refunds/claims/")
            officer.opens(f"/refunds/claims/{Claim.objects.get().pk}/")
            officer.ticks("granted", "no")
            officer.does.locator("textarea[name=answer]").fill("No smaller car.")
            officer.presses()

    refund.refresh_from_db()
    assert refund.status == Status.PAID
    owner.opens(f"/refunds/{refund.pk}/")
    said = [page.locator(".krds-badge").first.inner_text() for page in owner.pages]
    assert said == ["환급 완료", "Paid back"]
