"""A real browser (the system's Chromium), and what a page must pass in it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from asyncio import events
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent.parent
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 1280)
LANGUAGES = ("ko", "en")
# All that is asked of a page at one width, in one question: a page's whole report by axe-core is larger than the page.
# `preload` would fetch and parse every style sheet once more, for two rules about films and turned screens.
LOOK = """axe.run({resultTypes: ["violations"], preload: false}).then(report => ({
    wide: document.documentElement.scrollWidth,
    violations: report.violations.map(violation => `${violation.id}: `
        + violation.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join("; "))}))"""
SLIPS = """({
    headings: document.querySelectorAll("h1").length,
    silent: [...document.querySelectorAll(":is(input[type=email], input[type=password], input[type=tel])"
        + ":not([autocomplete])")].map(field => field.name),
    text: document.body.innerText,
    language: document.documentElement.lang})"""
# The browser writes this about pages without an error of ours.
NOISE = ("Error with Permissions-Policy header",)
# Four words of English in a row on a Korean page.
SENTENCE = re.compile(r"[A-Za-z][a-z']*(?: [a-z']+){3,}")
# Python's word for nothing; "None marked means all" is a sentence.
NOTHING = re.compile(r"\bNone\b(?! (?:yet|marked|of)\b)")
PLAYWRIGHTS_LOOP: list[asyncio.AbstractEventLoop] = []
NewVisitor = Callable[..., BrowserContext]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Playwright's loop counts as running for as long as the browser is open; other tests have loops of their own."""
    if PLAYWRIGHTS_LOOP:
        events._set_running_loop(PLAYWRIGHTS_LOOP[0] if "browser" in getattr(item, "fixturenames", ()) else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the process. Django takes Playwright's event loop for an async view of its own: it is none."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    program = shutil.which("chromium")
    with sync_playwright() as playwright:
        # --no-sandbox: Chromium refuses to run as root with it, and opens nothing but our own pages here.
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        PLAYWRIGHTS_LOOP.append(asyncio.get_running_loop())
        yield chromium
        events._set_running_loop(PLAYWRIGHTS_LOOP.pop())
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[NewVisitor]:
    """`visitor("en")`: somebody with an empty browser in that language; options go to Playwright's context."""
    contexts: list[BrowserContext] = []

    def make(language: str = "ko", **options: Any) -> BrowserContext:
        context = browser.new_context(locale=language, viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


def complaints(page: Page) -> list[str]:
    """Collects from now on what the browser complains about: blocked content, missing files, script errors."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(NOISE):
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def faults(page: Page) -> list[str]:
    """What is wrong with the page at hand, at each width: axe-core's violations and sideways scrolling."""
    found = []
    before = page.viewport_size
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        seen = page.evaluate(LOOK)
        if seen["wide"] > width:
            found.append(f"{page.url} at {width}: scrolls sideways to {seen['wide']}")
        found += [f"{page.url} at {width}: {violation}" for violation in seen["violations"]]
    if before and before != page.viewport_size:
        page.set_viewport_size(before)
    return found + [f"{page.url}: {slip}" for slip in slips(page)]


def slips(page: Page) -> list[str]:
    """What axe-core doesn't mind: a heading too many, a field the browser can't fill in, words nobody translated."""
    seen = page.evaluate(SLIPS)
    found = [] if seen["headings"] == 1 else [f"has {seen['headings']} h1"]
    found += [f"field {name} says nothing about autocomplete" for name in seen["silent"]]
    if NOTHING.search(seen["text"]):
        found.append("shows None")
    if seen["language"] == "ko":
        found += [f"is not translated: {match.group(0)}" for match in SENTENCE.finditer(seen["text"])]
    return found
