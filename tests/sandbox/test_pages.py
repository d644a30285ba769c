"""The sandbox's pages in a real browser: accessible, narrow enough for a phone, and needing no scripts."""

from __future__ import annotations

import smtplib
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page

from tests.sandbox.clients import READER, provider_with, question, registration
from tests.sandbox.processes import Acquirer, program
from tests.sandbox.toss import toss
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]

BUTTONS = {
    "ko": {"continue": "계속", "confirm": "확인", "transfer": "이체하기", "back": "이체 되돌리기", "approve": "승인"},
    "en": {
        "continue": "Continue",
        "confirm": "Confirm",
        "transfer": "Transfer",
        "back": "Take this transfer back",
        "approve": "Approve",
    },
}


def press(page: Page, language: str, name: str) -> None:
    page.get_by_role("button", name=BUTTONS[language][name], exact=True).click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_payer_fills_in_the_card_pages(gateway: Acquirer, visitor: NewVisitor, language: str) -> None:
    shop = gateway.shop.base
    made = gateway.checkout(f"page-card-{language}", locale=language, successUrl=f"{shop}/paid", orderName="2026/1")
    page = visitor(language).new_page()
    heard = complaints(page)
    page.goto(made["checkoutUrl"])
    found = faults(page)
    press(page, language, "continue")
    found += faults(page)
    page.locator("#number").fill("9999 0000 0000 0012")
    page.locator("#expiry").fill("12/40")
    page.locator("#holder").fill("HONG")
    press(page, language, "continue")
    found += faults(page)
    page.locator("#code").fill(page.locator("#sent").inner_text())
    press(page, language, "confirm")
    assert page.url.startswith(f"{shop}/paid?paymentKey={made['paymentKey']}")
    page.goto(made["checkoutUrl"])
    assert found + faults(page) == []
    assert [line for line in heard if "422" not in line] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_payer_makes_a_transfer_and_has_it_taken_back(gateway: Acquirer, visitor: NewVisitor, language: str) -> None:
    number = gateway.account(f"page-bank-{language}")["virtualAccount"]["accountNumber"]
    page = visitor(language).new_page()
    page.goto(str(gateway.http.base_url) + "/")
    found = faults(page)
    page.locator("main a[href^='/bank']").click()
    page.get_by_role("link", name=number).click()
    found += faults(page)
    press(page, language, "transfer")
    found += faults(page)
    page.locator("#amount").fill("52,000")
    press(page, language, "transfer")
    found += faults(page)
    press(page, language, "back")
    assert found + faults(page) == []
    assert gateway.order(f"page-bank-{language}")["status"] == "WAITING_FOR_DEPOSIT"


def test_paying_needs_no_script(gateway: Acquirer, visitor: NewVisitor) -> None:
    made = gateway.checkout("page-plain", locale="en", failUrl=f"{gateway.shop.base}/failed")
    page = visitor("en", java_script_enabled=False).new_page()
    page.goto(made["checkoutUrl"])
    page.get_by_role("link", name="한국어").click()
    page.get_by_role("button", name="취소").click()
    assert page.url.startswith(f"{gateway.shop.base}/failed?code=PAY_PROCESS_CANCELED")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_approves_on_the_phone(gateway: Acquirer, visitor: NewVisitor, tmp_path: Path, language: str) -> None:
    callback = f"{gateway.shop.base}/callback"
    client = registration("etax-public", READER, redirect_uris=[callback], resident_number=True)
    with provider_with(tmp_path, [client]) as address:
        page = visitor(language).new_page()
        page.goto(f"{address}/")
        found = faults(page)
        page.goto(f"{address}/authorize?client_id=nobody")
        found += faults(page)
        page.goto(f"{address}/authorize?{urlencode(question(redirect_uri=callback))}")
        found += faults(page)
        press(page, language, "continue")
        found += faults(page)
        page.get_by_label("서태아").check()
        press(page, language, "continue")
        found += faults(page)
        press(page, language, "approve")
        assert page.url.startswith(f"{callback}?code=")
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_caught_mail_is_read(visitor: NewVisitor, tmp_path: Path, language: str) -> None:
    with program("mail", "--port", "0", "--smtp-port", "0", "--store", str(tmp_path)) as (address, smtp):
        page = visitor(language).new_page()
        page.goto(address)
        found = faults(page)
        with smtplib.SMTP("127.0.0.1", urlsplit(smtp).port or 0) as sender:
            sender.sendmail(
                "etax@example.kr", ["hong@example.kr"], b"Subject: A/1\r\n\r\n" + b"http://example.kr/" * 20
            )
        page.reload()
        found += faults(page)
        page.get_by_role("link", name="A/1").click()
        found += faults(page)
        page.goto(f"{address}/messages/99/page")
        assert found + faults(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_payer_pays_in_the_window_of_toss_payments_and_at_the_bank(
    visitor: NewVisitor, tmp_path: Path, language: str
) -> None:
    with toss(tmp_path) as other:
        made = other.window("page-toss", successUrl=f"{other.shop.base}/paid")
        number = other.account("page-toss-2")["virtualAccount"]["accountNumber"]
        page = visitor(language).new_page()
        page.goto(f"{made['checkout']['url']}?lang={language}")
        found = faults(page)
        page.locator("#number").fill("9999 0000 0000 0012")
        page.locator("#expiry").fill("12/40")
        page.locator("#holder").fill("HONG")
        press(page, language, "continue")
        found += faults(page)
        page.locator("#code").fill(page.locator("#sent").inner_text())
        press(page, language, "confirm")
        assert page.url.startswith(f"{other.shop.base}/paid?paymentType=NORMAL&paymentKey={made['paymentKey']}")
        page.goto(f"{other.http.base_url}/")
        found += faults(page)
        page.get_by_role("main").get_by_role("link").click()
        page.get_by_role("link", name=number).click()
        page.locator("#amount").fill("51,999")
        press(page, language, "transfer")
        found += faults(page)
        page.locator("#amount").fill("52,000")
        press(page, language, "transfer")
        press(page, language, "back")
        assert found + faults(page) == []
        assert other.order("page-toss-2")["status"] == "WAITING_FOR_DEPOSIT"
