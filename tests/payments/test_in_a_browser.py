"""Paying in a real browser, from the page of the bill to the receipt's link, with the acquirer's own pages between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from playwright.sync_api import BrowserContext, Page

from core import clock
from payments import services
from payments.gateways import registry
from payments.services import link_secret
from tests.payments.cast import BillFacts, Visitor, a_bill, a_visitor, sweep_later
from tests.payments.debits import a_giver, due_today, learn_now, run
from tests.payments.world import World, an_account
from tests.payments.world import world as start_world
from tests.sandbox.processes import SECRET_KEY
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.database import AsRole
from tests.support.live import served

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]
LONG_KEY = SECRET_KEY + "-" + "k" * 32


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An acquirer whose key is as long as a face's settings want one."""
    with start_world(tmp_path_factory.mktemp("acquirer"), "--secret-key", LONG_KEY) as started:
        yield World(started.acquirer, started.url, LONG_KEY)


@pytest.fixture(scope="module")
def site(outside: World, database_name: str) -> Iterator[str]:
    told = {"ETAX_ACQUIRER_URL": outside.url, "ETAX_ACQUIRER_KEY": LONG_KEY}
    with served("public", database_name, **told) as address:
        yield address


@dataclass(frozen=True)
class Town:
    """The public site, the acquirer beside it, and a visitor at the site's own login."""

    site: str
    world: World
    person: Visitor


@pytest.fixture
def town(outside: World, site: str, as_role: AsRole) -> Iterator[Town]:
    with override_settings(GATEWAYS={"sandbox_acquirer": outside.options}):
        yield Town(site, outside, a_visitor(as_role))
        registry.close_connections()


@pytest.fixture
def bill(db: None) -> BillFacts:
    return a_bill()


def found_in(context: BrowserContext, town: Town, bill: BillFacts) -> None:
    """The browser has found the bill: its session is the visitor's."""
    with town.person.as_role("public"), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_save_session(%s, '', '', '')", [town.person.secret])
    town.person.finds(bill)
    context.add_cookies([{"name": "sessionid", "value": town.person.secret, "url": town.site}])


def look(page: Page, heard: list[str] | None = None) -> None:
    """Nothing was complained of on the way here, and nothing is wrong here. (axe-core itself causes complaints.)"""
    assert not heard
    assert faults(page) == []
    if heard is not None:
        heard.clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_paying_by_card_from_the_bill_to_the_receipt(
    town: Town, bill: BillFacts, visitor: NewVisitor, language: str
) -> None:
    context = visitor(language)
    found_in(context, town, bill)
    page = context.new_page()
    heard = complaints(page)
    page.goto(f"{town.site}/pay/{bill.id}/")
    look(page, heard)
    page.locator("label[for=id_who_0]").click()
    page.locator("button.primary").click()
    page.wait_for_url(f"{town.world.url}/**")
    pay_on_the_gateways_page(page)
    page.wait_for_url(f"{town.site}/payments/**")
    assert page.locator("h1").inner_text() in {"납부를 확인하고 있습니다", "We are checking your payment"}
    look(page, heard)
    sweep_later(after=timedelta(seconds=30))
    page.get_by_text("납부 완료" if language == "ko" else "Payment complete").first.wait_for()
    look(page, heard)
    assert page.locator("a[href^='/receipts/link/']").count() == 1


def pay_on_the_gateways_page(page: Page) -> None:
    page.locator("[name=number]").fill("9999000000000012")
    page.locator("[name=expiry]").fill("12/40")
    page.locator("[name=holder]").fill("HONG GILDONG")
    page.locator("button[type=submit]:not([name=action])").first.click()
    page.locator("[name=code]").fill("824613")
    page.locator("button[type=submit]:not([name=action])").first.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_virtual_account_and_every_other_page_of_a_payment(
    town: Town, bill: BillFacts, visitor: NewVisitor, language: str
) -> None:
    context = visitor(language)
    found_in(context, town, bill)
    page = context.new_page()
    page.goto(f"{town.site}/pay/{bill.id}/")
    page.locator("label[for=id_channel_1]").click()
    page.locator("button.primary").click()
    look(page)  # neither a bank nor whose tax it is was chosen
    page.locator("label[for=id_who_0]").click()
    page.locator("select[name=bank]").select_option("20")
    page.locator("button.primary").click()
    page.wait_for_url(f"{town.site}/payments/**")
    look(page)
    started = town.person.starts_card(bill)
    page.goto(f"{town.site}/payments/{started.secret}/")
    look(page)
    page.locator("form button.tertiary").click()
    page.wait_for_url(f"{town.site}/pay/{bill.id}/")
    page.goto(f"{town.site}/payments/{started.secret}/")
    look(page)


def test_without_scripts_a_payment_is_made_all_the_same(town: Town, bill: BillFacts, visitor: NewVisitor) -> None:
    context = visitor("en", java_script_enabled=False)
    found_in(context, town, bill)
    page = context.new_page()
    page.goto(f"{town.site}/pay/{bill.id}/")
    page.get_by_text("My own, or that of somebody I act for").click()
    page.get_by_role("button", name="Pay now").click()
    pay_on_the_gateways_page(page)
    page.wait_for_url(f"{town.site}/payments/**")
    services.sweep(at=clock.now() + timedelta(seconds=30))
    page.get_by_role("link", name="Look again").click()
    assert "Payment complete" in page.locator("h1").inner_text()
    assert link_secret(page.locator(".et-number").first.inner_text()) in page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_bills_in_two_ways_for_somebody_else(
    town: Town, bill: BillFacts, visitor: NewVisitor, language: str
) -> None:
    context = visitor(language)
    found_in(context, town, bill)
    other = a_bill(body="11140")
    town.person.finds(other)
    page = context.new_page()
    page.goto(f"{town.site}/pay/{bill.id}/")
    page.locator("details summary").first.click()
    page.locator(f"label[for=other-{other.id}]").click()
    look(page)
    page.locator("details button").click()
    page.wait_for_url(f"{town.site}/pay/?**")
    look(page)
    page.locator("details summary").last.click()
    page.locator("label[for=id_way_1]").click()
    page.locator("button.primary").click()
    look(page)  # neither how much nor by whom
    page.locator("[name=amount]").fill("20000")
    page.locator("label[for=id_channel_1]").click()
    page.locator("select[name=bank]").select_option("20")
    page.locator("[name=payer]").fill("성춘향")
    page.locator("label[for=id_told]").click()
    page.locator("button.primary").click()
    page.wait_for_url(f"{town.site}/payments/**")
    look(page)
    page.locator("a.primary").click()
    page.wait_for_url(f"{town.site}/pay/rest/**")
    look(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_automatic_debit_from_the_form_to_its_end_without_scripts(
    town: Town, bill: BillFacts, visitor: NewVisitor, language: str
) -> None:
    context = visitor(language, java_script_enabled=language == "ko")
    giver = a_giver(town.person.as_role, due_today(of=bill))
    context.add_cookies([{"name": "sessionid", "value": giver.secret, "url": town.site}])
    page = context.new_page()

    def seen() -> None:
        if language == "ko":
            look(page)

    page.goto(f"{town.site}/automatic-debit/")
    seen()
    page.locator("form.et-form button.primary").click()
    seen()  # neither a bank nor agreed
    page.locator("select[name=bank]").select_option("20")
    page.locator("label[for=id_told]").click()
    page.locator("form.et-form button.primary").click()
    page.wait_for_url(f"{town.world.url}/**")
    page.locator("[name=accountNumber]").fill(an_account())
    page.locator("[name=holderName]").fill("홍길동")
    page.locator("button[type=submit]:not([name=action])").first.click()
    page.locator("[name=code]").fill("824613")
    page.locator("button[type=submit]:not([name=action])").first.click()
    page.wait_for_url(f"{town.site}/automatic-debit/")
    seen()  # it is being checked
    learn_now()
    run()
    page.reload()
    assert page.locator("table").count() == 2  # what comes, and what was debited
    seen()
    page.locator("main a.secondary").click()
    seen()
    page.locator("main form button.et-danger").click()
    page.wait_for_url(f"{town.site}/automatic-debit/")
    seen()
