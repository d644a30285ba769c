"""Signing in and setting up in a real browser; what one sees afterwards is walked in tests/pages."""

from __future__ import annotations

import base64
from datetime import timedelta
from hashlib import sha256

import pytest

from accounts.models import MailRequest
from core import clock
from tests.accounts.people import PASSWORD, code_of, officer
from tests.support.browser import LANGUAGES, NewVisitor, faults
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]


def test_wrong_input_and_setting_up_codes_are_accessible_too(
    db: None, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    kim = officer("kim@example.com", generator=False)
    site = serve_face("office")
    page = visitor("ko").new_page()
    page.goto(f"{site}/sign-in/")
    page.locator("main button[type=submit]").click()
    assert faults(page) == []
    page.locator("input[name=email]").fill(kim.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    assert page.url.endswith("/account/code-generator/")
    page.wait_for_load_state()  # the picture is asked for after the page
    assert page.locator("main img").evaluate("image => image.naturalWidth") > 100
    assert faults(page) == []
    secret = page.locator("main dd").first.inner_text().replace(" ", "")
    page.locator("input[name=code]").fill(code_of(_hex(secret)))
    page.locator("main button[type=submit]").click()
    assert page.locator("main li.et-number").count() == 10
    assert faults(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_on_the_way_in_are_accessible(
    db: None, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    """A link by mail, and the one-time code: pages that nobody sees who is in."""
    kim = officer("kim@example.com")
    site = serve_face("office")
    page = visitor(language).new_page()
    token = "t" * 43
    MailRequest.objects.create(
        face="office", email=kim.email, language=language, status="sent",
        token_hash=sha256(token.encode()).hexdigest(), expires_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    for path in (f"/sign-in/password/{token}/", "/sign-in/password/used/"):
        page.goto(f"{site}{path}")
        assert faults(page) == []
    page.goto(f"{site}/sign-in/")
    page.locator("input[name=email]").fill(kim.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    assert "/sign-in/code/" in page.url
    assert faults(page) == []


def _hex(base32: str) -> str:
    return base64.b32decode(base32.strip()).hex()
