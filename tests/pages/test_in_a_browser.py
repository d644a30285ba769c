"""The pages that everybody sees, in a real browser: accessible, narrow enough for a phone, alive without scripts."""

from __future__ import annotations

import pytest

from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.live import ServeFace
from tests.support.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("face", ["public"])
def test_a_visitor_can_follow_every_link_and_every_page_is_accessible(
    db: None, serve_face: ServeFace, visitor: NewVisitor, face: str, language: str
) -> None:
    seen = walk(visitor(language), f"{serve_face(face)}/", urlconf=f"etax.faces.{face}")
    assert seen.faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_address_gets_a_page_that_says_so(
    db: None, serve_face: ServeFace, visitor: NewVisitor, language: str
) -> None:
    page = visitor(language).new_page()
    answer = page.goto(f"{serve_face('public')}/no-such-page")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page) == []


def test_the_language_link_turns_the_same_page_into_the_other_language(
    db: None, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    page = visitor("ko", java_script_enabled=False).new_page()
    page.goto(f"{serve_face('public')}/?from=here")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/?from=here")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="한국어").click()
    assert page.locator("html").get_attribute("lang") == "ko"


def test_the_keyboard_reaches_the_content_first(db: None, serve_face: ServeFace, visitor: NewVisitor) -> None:
    page = visitor("en").new_page()
    heard = complaints(page)
    page.goto(serve_face("public"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert heard == []


def test_rare_syllables_of_names_are_drawn_and_fonts_come_from_us(
    db: None, serve_face: ServeFace, visitor: NewVisitor
) -> None:
    page = visitor("ko").new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve_face("public"))
    page.evaluate("document.querySelector('h1').textContent = '뷁똠쀍'")
    page.evaluate("document.fonts.ready")
    page.wait_for_function("[...document.fonts].some(f => f.family.includes('Noto') && f.status === 'loaded')")
    assert all(url.startswith(serve_face("public")) for url in asked)
