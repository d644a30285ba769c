"""A late return in a real browser: declared, looked at, changed, filed, billed; every page in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from billing.models import Bill
from filing.models import Return
from tests.billing.people import citizen_session
from tests.filing.cast import a_taxpayer
from tests.refunds.cast import days_ago
from tests.refunds.test_in_a_browser import Somebody
from tests.support.browser import NewVisitor
from tests.support.database import AsRole
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]


def test_from_what_is_declared_to_the_bill(
    deliver_events: Callable[[], int], as_role: AsRole, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    owner = Somebody(visitor, serve_face("public"), "public", citizen_session(as_role, a_taxpayer()))
    owner.opens("/returns/new/acquisition_house/")
    for page in owner.pages:
        page.select_option("select[name=body]", "11110")
        page.fill("input[name=object]", "예시로 1")
        page.fill("input[name=acquired_on]", days_ago(120).isoformat())
        page.fill("input[name=price]", "700,000,000")
        page.locator("form.et-form button[type=submit]").click()
        page.locator(".et-form-errors, .et-error, [aria-invalid=true]").first.wait_for()
        assert page.input_value("input[name=price]") == "700,000,000"
        page.fill("input[name=homes]", "1")
        page.locator("form.et-form button[type=submit]").click()
        page.locator("button[value=file]").wait_for()
    told_off(owner)
    owner.looks()
    shot(owner, "preview")
    owner.does.locator("button[value=edit]").click()
    assert owner.does.input_value("input[name=object]") == "예시로 1"
    owner.does.locator("form.et-form button[type=submit]").click()
    owner.does.locator("button[value=file]").click()
    owner.does.wait_for_url("**/returns/*/")
    deliver_events()
    filed = Return.objects.get()
    owner.opens(f"/returns/{filed.pk}/")
    shot(owner, "return")
    assert owner.does.locator(f"a[href='/bills/{Bill.objects.get().pk}/']").count() == 1
    owner.opens(f"/returns/{filed.pk}/amend/")
    for page in owner.pages:
        page.fill("input[name=price]", "600000000")
        page.locator("form.et-form button[type=submit]").click()
        page.locator("a[href*='/refunds/claim/']").wait_for()
    told_off(owner)
    owner.looks()
    shot(owner, "less")


def told_off(owner: Somebody) -> None:
    """The browser notes an answer that says no; nothing else went wrong."""
    for heard in owner.heard:
        assert [text for text in heard if "422" not in text] == []
        heard.clear()


def shot(owner: Somebody, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if folder:
        for number, page in enumerate(owner.pages):
            page.screenshot(path=f"{folder}/{name}-{number}.png", full_page=True)
