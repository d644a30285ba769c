"""A case in a real browser, all roles signed in: contested from the bill, upheld in part, its money on its way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page

from appeals.models import Case
from billing.selectors import standing_amounts
from refunds.models import Refund
from tests.appeals.bench_cast import carried, signed_by_members
from tests.appeals.cast import Court, a_petitioner, days_ago, today
from tests.payments.cast import BillFacts
from tests.refunds.cast import pays
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]


def signed_in(context: BrowserContext, site: str, name: str, secret: str) -> Page:
    context.add_cookies([{"name": name, "value": secret, "url": site}])
    return context.new_page()


def look(page: Page, heard: list[str]) -> None:
    assert heard == []
    assert faults(page) == []
    heard.clear()


def choose(page: Page, name: str, value: str) -> None:
    field = page.locator(f"input[name={name}][value={value}]")
    page.locator(f"label[for={field.get_attribute('id')}]").first.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_upheld_in_part_from_the_bill_to_the_money(
    court: Court, real_bill: BillFacts, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    petitioner = a_petitioner(court.clerk.as_role, real_bill)
    lines = standing_amounts(bill_id=real_bill.id)
    pays(real_bill, real_bill.amount, on=date(2026, 6, 20))
    sites = {"public": serve_face("public"), "office": serve_face("office")}
    page = signed_in(visitor(language), sites["public"], "sessionid", petitioner.secret)
    heard = complaints(page)
    page.goto(f"{sites['public']}/bills/{petitioner.bill.id}/")
    page.locator("a[href^='/appeals/contest/']").click()
    look(page, heard)
    page.locator("main form button[type=submit]").click()
    look(page, heard)
    page.locator("[name=served_on]").fill(days_ago(2).isoformat())
    choose(page, "wish", "reduce")
    page.locator("[name=wish_amount]").fill(str(real_bill.amount // 2))
    page.locator("[name=grounds]").fill("차를 팔았습니다.")
    page.locator("[name=unavailable]").fill((today() + timedelta(days=30)).isoformat())
    page.locator("button[value=file]").click()
    look(page, heard)
    case = Case.objects.get()
    assert case.number is not None
    assert case.number in page.locator("main").inner_text()
    court.deliver()

    halved = {f"line_{line}": str(won // 2) for line, won in lines.items()}
    own = f"/appeals/{case.pk}/"
    for page_of, path, officer, chosen, typed in (
        (own, "answer/", court.assessor, {}, {"text": "등록부대로 부과함"}),
        (own, "rule/", court.clerk, {"outcome": "corrected"}, {**halved, "reasons": "절반 인정"}),
        (f"/appeals/bench/cases/{case.pk}/", "seal", court.chair, {}, {}),
        (own, "serve/", court.clerk, {"how": "site"}, {}),
    ):
        if path == "rule/":
            carried(case.pk, "corrected", chair=court.chair.id)
        signed_by_members(case.pk, but=court.chair.id)
        desk = signed_in(visitor(language), sites["office"], "office_session", officer.secret)
        heard = complaints(desk)
        desk.goto(f"{sites['office']}{page_of}")
        look(desk, heard)
        form = desk.locator(f"form[action$='/{path}'], form:has(button[value='{path}'])")
        for name, value in chosen.items():
            choose(desk, name, value)
        for name, value in typed.items():
            form.locator(f"[name={name}]").fill(value)
        form.locator("button[type=submit]").click()
        look(desk, heard)
        court.deliver()

    refund = Refund.objects.get()
    assert refund.amount == real_bill.amount // 2
    heard = complaints(page)
    page.goto(f"{sites['public']}/appeals/{case.pk}/")
    look(page, heard)
    assert refund.reference in page.locator("main").inner_text()
    page.goto(f"{sites['public']}/appeals/")
    look(page, heard)
