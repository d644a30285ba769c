"""Billing's pages in a real browser: accessible in both languages, narrow enough for a phone, alive without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from accounts.access import Role
from billing.models import Bill, LevyRoll
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.database import AsRole
from tests.support.live import ServeFace

from .conftest import csv_of, sample_text
from .people import citizen_session, officer_session

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]


@pytest.fixture
def some_rolls(issued: Callable[[str], int], imported: Callable[[str], int]) -> None:
    """One issued, one staged, one refused."""
    issued(csv_of({}))
    imported(sample_text(60))
    imported(csv_of({"half": "2", "taxpayer_name": "=1+1"}))


def signed_in(context: BrowserContext, address: str, name: str, secret: str) -> Page:
    context.add_cookies([{"name": name, "value": secret, "url": address}])
    return context.new_page()


def look(page: Page, address: str) -> list[str]:
    """What is wrong with a page, and what the browser complains about."""
    heard = complaints(page)
    page.goto(address)
    said = list(heard)  # before axe-core, which the content policy stops from styling
    return said + faults(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_payers_are_accessible(
    issued: Callable[[str], int], as_role: AsRole, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    address = serve_face("public")
    page = signed_in(visitor(language), address, "sessionid", citizen_session(as_role, bill.taxpayer))
    found = [fault for path in ("/bills/", f"/bills/{bill.pk}/") for fault in look(page, address + path)]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_finds_a_bill_without_javascript(
    issued: Callable[[str], int], serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    issued(csv_of({}))
    bill = Bill.objects.get()
    page = visitor(language, java_script_enabled=False).new_page()
    page.goto(f"{serve_face('public')}/bills/find/")
    page.fill("input[name=epay_number]", bill.epay_number)
    page.fill("input[name=name]", "아무개")
    page.locator("main form button[type=submit]").click()
    assert page.locator("main [role=alert]").count() == 1
    assert page.input_value("input[name=epay_number]") == bill.epay_number
    page.fill("input[name=name]", "김가나")
    page.locator("main form button[type=submit]").click()
    assert page.url.endswith(f"/bills/{bill.pk}/")
    assert bill.epay_number in page.inner_text("main")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_that_nothing_was_found_is_accessible(
    db: None, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    page = visitor(language).new_page()
    page.goto(f"{serve_face('public')}/bills/find/")
    page.fill("input[name=epay_number]", "1" * 19)
    page.fill("input[name=birth_date]", "1869-03-02")
    page.locator("main form button[type=submit]").click()
    assert faults(page) == []
    page.fill("input[name=epay_number]", "1")
    page.locator("main form button[type=submit]").click()
    assert faults(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_office_are_accessible(
    some_rolls: None, as_role: AsRole, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    address = serve_face("office")
    secret = officer_session(as_role, "looking@example.kr", Role.ASSESSOR, Role.APPROVER, Role.COLLECTOR)
    page = signed_in(visitor(language), address, "office_session", secret)
    paths = ["/rolls/", "/rolls/upload/", "/bills/?text=CAR-1", f"/bills/{Bill.objects.get().pk}/"]
    bill = f"/bills/{Bill.objects.get().pk}/"
    paths += [bill, "/changes/", "/extensions/", *(f"{bill}change/{kind}/" for kind in ("reduce", "instalments"))]
    for roll in LevyRoll.objects.order_by("pk"):
        paths += [f"/rolls/{roll.pk}/"] + ([f"/rolls/{roll.pk}/withdraw/"] if roll.status == "staged" else [])
    assert [fault for path in paths for fault in look(page, address + path)] == []
