"""The agent's pages and the link's in a real browser, from the caller's answers to both ways to pay."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from accounts.enums import Role
from payments.gateways import registry
from payments.models import PayLink
from payments.services.send_link import pay_link_secret
from tests.billing.people import officer_session
from tests.payments.cast import a_bill
from tests.payments.desk import messages_outside, telephones, work
from tests.payments.world import World
from tests.support.browser import LANGUAGES, NewVisitor, faults
from tests.support.database import AsRole
from tests.support.live import ServeFace

__all__ = ["messages_outside", "telephones"]
pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]
LINK_PHONE, KEYS_PHONE = "010-9995-0012", "010-9995-0013"


@pytest.fixture
def world(outside: World) -> Iterator[World]:
    with override_settings(GATEWAYS={"sandbox_acquirer": outside.options}):
        yield outside
        registry.close_connections()


def press(page: Page) -> None:
    page.locator("main button.primary").first.click()


@pytest.mark.usefixtures("telephones")
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agent_lets_a_caller_pay_in_both_ways(
    world: World, as_role: AsRole, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    bill = a_bill()
    a_bill(of=bill)
    office, public = serve_face("office"), serve_face("public")
    context = visitor(language)
    secret = officer_session(as_role, "agent@example.kr", Role.CALL_AGENT)
    context.add_cookies([{"name": "office_session", "value": secret, "url": office}])
    page = context.new_page()
    found = []

    def look() -> None:
        found.extend(faults(page))

    page.goto(f"{office}/calls/")
    look()
    press(page)
    press(page)  # nothing was typed yet: what is missing is said
    look()
    page.locator("[name=epay_number]").fill(bill.epay_number)
    page.locator("[name=name]").fill(bill.payer)
    page.locator("[name=birth_date]").fill("1850-03-01")
    press(page)
    look()
    call = page.url

    page.locator(f"label[for=bill-{bill.id}]").click()
    press(page)
    look()
    page.locator("[name=telephone]").fill(LINK_PHONE)
    press(page)
    page.wait_for_url(call)
    work()
    page.reload()
    look()

    page.locator(f"label[for=bill-{bill.id}]").click()
    press(page)
    page.locator("label[for=id_way_1]").click()
    page.locator("[name=telephone]").fill(KEYS_PHONE)
    press(page)
    page.wait_for_url(re.compile("/keys/PAY-"))
    look()
    work()
    page.get_by_text("버튼 입력을 기다리고" if language == "ko" else "Waiting for the keys").wait_for()
    world.press_keys(KEYS_PHONE.replace("-", ""))
    work(60)
    page.get_by_text("납부 완료" if language == "ko" else "Payment complete").wait_for()
    look()

    page.goto(f"{public}/l/{pay_link_secret(PayLink.objects.get().reference)}/")
    look()
    press(page)
    page.wait_for_url(re.compile("/pay/"))
    look()
    assert found == []
