"""Pages of people who are signed in, in a real browser: every link, both languages, a phone and a desk."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import BrowserContext

from accounts.enums import Assurance, AuthorityKind, Role
from accounts.services import ask_role, find_or_create_taxpayers
from accounts.services.authorities import record_authority
from core import clock
from tests.accounts.people import PARK, PASSWORD, SONG, Member, administrators, citizen, code_of, officer
from tests.support.browser import LANGUAGES, NewVisitor, complaints, faults
from tests.support.live import ServeFace

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium"), pytest.mark.timeout(300)]


def enter(context: BrowserContext, site: str, member: Member) -> None:
    page = context.new_page()
    page.goto(f"{site}/sign-in/")
    page.locator("input[name=email]").fill(member.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    if "/sign-in/code/" in page.url:
        page.locator("input[name=code]").fill(code_of())
        page.locator("main button[type=submit]").click()
    assert "/sign-in/" not in page.url, page.inner_text("main")
    page.close()


def looked_at(context: BrowserContext, site: str, *paths: str) -> list[str]:
    """What is wrong on pages, at a phone's width and a desk's."""
    page = context.new_page()
    heard = complaints(page)
    found: list[str] = []
    for path in paths:
        answer = page.goto(f"{site}{path}")
        assert answer is not None
        if answer.status >= 400:
            found.append(f"{path}: answers {answer.status}")
        found += [f"{path}: {complaint}" for complaint in heard]  # before axe-core adds its own
        found += [f"{path}: {fault}" for fault in faults(page)]
        heard.clear()
    page.close()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citizens_pages_are_accessible(db: None, serve_face: ServeFace, visitor: NewVisitor, language: str) -> None:
    context, site = visitor(language), serve_face("public")
    enter(context, site, citizen("park@example.com"))
    pages = ("/account/", "/account/claim/", "/account/password/", "/account/code-generator/", "/sign-in/identity/")
    assert looked_at(context, site, *pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_offices_pages_are_accessible(db: None, serve_face: ServeFace, visitor: NewVisitor, language: str) -> None:
    first, second = administrators()
    ask_role(officer_id=second.account, role=Role.ASSESSOR, reason="x", actor_id=first.account, at=clock.now())
    context, site = visitor(language), serve_face("office")
    enter(context, site, first)
    theirs = f"/officers/{second.account}/"
    pages = ("/account/", "/account/relatives/", "/officers/", "/officers/new/", theirs, f"{theirs}roles/")
    assert looked_at(context, site, *pages, f"{theirs}suspend/", f"{theirs}code-generator/") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clerks_pages_are_accessible(db: None, serve_face: ServeFace, visitor: NewVisitor, language: str) -> None:
    clerk = officer("kim@example.com", Role.ASSESSOR)
    agent = citizen("agent@example.com", PARK, Assurance.IDENTITY)
    (song,) = find_or_create_taxpayers([SONG])
    day = clock.local_date(clock.now())
    authority = record_authority(
        kind=AuthorityKind.AGENT, principal_id=song, agent_email=agent.email, starts_on=day, ends_on=day,
        reason="letter", actor_id=clerk.account,
    )  # fmt: skip
    context, site = visitor(language), serve_face("office")
    enter(context, site, clerk)
    record = f"/taxpayers/{song}/"
    new = ("/taxpayers/?text=1", "/taxpayers/new/", "/taxpayers/joint/", "/authorities/new/")
    changes = (f"{record}{page}/" for page in ("address", "death", "heirs", f"authorities/{authority}/end"))
    pages = (record, *new, *changes)
    assert looked_at(context, site, *pages) == []


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


def _hex(base32: str) -> str:

    return base64.b32decode(base32.strip()).hex()
