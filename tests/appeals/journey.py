"""People of the open tax court, each in a browser of their own, who signed in as one does; and the time between."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.hashers import make_password
from django.db import connection
from playwright.sync_api import BrowserContext, Locator, Page

from accounts.models import Account
from accounts.services import give_code_generator
from appeals.models import Draw, Member
from appeals.services.draws import advance_draws
from core import clock, log
from tests.accounts.people import PASSWORD, SECRET
from tests.accounts.people import Member as SignsIn
from tests.pages.city import sign_in
from tests.payments.test_cancellations import Desk
from tests.support.browser import complaints, faults
from tests.support.database import AsRole, admin_connection

PHONE, DESK = 320, 1280
# Pages that are looked at with axe-core at both widths, once in each language; others are so elsewhere.
CLOSELY = {
    *("/appeals/contest/N/", "/appeals/N/write/", "/appeals/N/filed/", "/appeals/N/", "/appeals/"),
    *("/appeals/bench/cases/N/", "/appeals/panels/N/"),
}


@dataclass
class Somebody:
    """A page that is open, and what its browser complained about."""

    page: Page
    site: str
    account: int
    heard: list[str]
    looked_at: set[tuple[str, ...]]

    @property
    def language(self) -> str:
        return str(self.page.evaluate("document.documentElement.lang"))

    def desk(self, as_role: AsRole) -> Desk:
        """The same session of an officer, without the browser."""
        cookies = self.page.context.cookies(self.site)
        (secret,) = (one["value"] for one in cookies if one["name"] == "office_session")
        return Desk(as_role, secret, self.account)

    def opens(self, path: str) -> str:
        """Go there, look whether all is well; the words of the page."""
        self.page.goto(self.site + path)
        return self.looks()

    def looks(self) -> str:
        self.page.wait_for_load_state()
        assert self.heard == []
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.evaluate("window.innerWidth"), f"{self.page.url} scrolls sideways to {wide}"
        kind = (self.site, re.sub(r"\d+", "N", urlsplit(self.page.url).path), self.language)
        if kind[1] in CLOSELY and kind not in self.looked_at:
            self.looked_at.add(kind)
            found = faults(self.page)
            assert found == [], found
        return self.page.locator("main").inner_text()

    def follows(self, selector: str) -> str:
        self.page.locator(selector).first.click()
        return self.looks()

    def fills(self, form: Locator, typed: dict[str, str]) -> None:
        """Radios, boxes and lists are chosen by their value, all else is typed."""
        for name, value in typed.items():
            field = form.locator(f"[name={name}]")
            kind = field.first.evaluate("field => field.type")
            if kind in ("radio", "checkbox"):
                chosen = field if field.count() == 1 else form.locator(f"[name={name}][value='{value}']")
                form.locator(f"label[for={chosen.get_attribute('id')}]").first.click()
            elif kind.startswith("select"):
                field.select_option(value)
            else:
                field.fill(value)

    def sends(self, form: str, *, pressing: str = "button[type=submit]", **typed: str) -> str:
        """Fill a form and send it; the words of the page that comes."""
        found = self.page.locator(form).first
        self.fills(found, typed)
        found.locator(pressing).first.click()
        return self.looks()

    def acts(self, do: str, **typed: str) -> str:
        """One of several forms of a page, which the value of its button tells apart."""
        button = f"button[name=do][value='{do}']"
        return self.sends(f"form:has({button})", pressing=button, **typed)


def at_a_browser(context: BrowserContext, site: str, member: SignsIn | None, *, width: int = DESK) -> Somebody:
    """Signed in with a password, an officer also with a one-time code; without a member somebody who only looks."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    if member:
        sign_in(page, site, member)
    return Somebody(page, site, member.account if member else 0, complaints(page), set())


def with_a_password(member_id: int) -> SignsIn:
    """A member of the committee who signs in themselves."""
    account = Member.objects.get(pk=member_id).account
    Account.objects.filter(pk=account.pk).update(password=make_password(PASSWORD))
    give_code_generator(account_id=account.pk, secret=SECRET)
    return SignsIn(account.pk, str(account.email))


def draws_are_told(deliver: Callable[[], int]) -> None:
    """What worker and clock do within minutes: the log is sealed until every draw is told, and carried out."""
    deliver()
    for _ in range(8):
        log.seal(at=clock.now())
        advance_draws(at=clock.now())
    assert not Draw.objects.exclude(status="drawn").exists()
    deliver()


def the_day_comes(session_id: int) -> None:
    """The sitting of a session is today: what was told of it before stays as it was told."""
    today = "(now() AT TIME ZONE 'Asia/Seoul')::date"
    sooner = f"make_interval(days => (SELECT day - {today} FROM appeals_session WHERE id = %(session)s))"
    of_session = "slot_id IN (SELECT id FROM appeals_slot WHERE session_id = %(session)s)"
    facts: dict[str, Any] = {"session": session_id}
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(f"DELETE FROM appeals_session WHERE day = {today} AND id <> %(session)s", facts)
        admin.execute(
            f"UPDATE appeals_slotperson SET starts = starts - {sooner}, ends = ends - {sooner} WHERE {of_session}",
            facts,
        )
        admin.execute(f"UPDATE appeals_panel SET day = {today} WHERE session_id = %(session)s", facts)
        admin.execute(
            f"UPDATE appeals_session SET begins = begins - {sooner}, day = {today} WHERE id = %(session)s", facts
        )
