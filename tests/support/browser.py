"""A real browser (the system's Chromium), and what a page must pass in it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from asyncio import events
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.support.programs import path_of

CHECKOUT = Path(__file__).resolve().parent.parent.parent
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 1280)
LANGUAGES = ("ko", "en")
# axe-core's rules that answer otherwise when a page is laid out otherwise: what lies over what, how large a letter is,
# what can be scrolled, which table looks like one. All others read what stands in the page and who can see it.
LAID_OUT = (
    *("color-contrast", "link-in-text-block", "scrollable-region-focusable", "skip-link"),
    *("scope-attr-valid", "td-headers-attr", "th-has-data-cells"),
)
# All that is asked of a page at one width, in one question: a page's whole report by axe-core is larger than the page.
# At another width of the same page those rules are enough, unless it shows or hides something there.
# `preload` would fetch and parse every style sheet once more, for two rules about films and turned screens.
# A click waits until the next page has begun, not until it is there.
LOOK = """async turned => {
    if (document.readyState !== "complete") await new Promise(done => addEventListener("load", done, {once: true}));
    if (!window.axe) return null;
    const shown = Array.from(document.body.querySelectorAll("*"),
        element => +element.checkVisibility({visibilityProperty: true})).join("");
    const rules = turned && shown === window.axe.shown ? {runOnly: {type: "rule", values: LAID_OUT}} : {};
    window.axe.shown = shown;
    return axe.run({resultTypes: ["violations"], preload: false, ...rules}).then(report => ({
        wide: document.documentElement.scrollWidth,
        violations: report.violations.map(violation => `${violation.id}: `
            + violation.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join("; ")),
        headings: document.querySelectorAll("h1").length,
        silent: [...document.querySelectorAll(":is(input[type=email], input[type=password], input[type=tel])"
            + ":not([autocomplete])")].map(field => field.name),
        text: document.body.innerText,
        language: document.documentElement.lang}))}""".replace("LAID_OUT", json.dumps(LAID_OUT))
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
    program = path_of("chromium")
    with sync_playwright() as playwright:
        # --no-sandbox: Chromium refuses to run as root with it, and opens nothing but our own pages here.
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--process-per-site"]
        )
        PLAYWRIGHTS_LOOP.append(asyncio.get_running_loop())
        yield chromium
        events._set_running_loop(PLAYWRIGHTS_LOOP.pop())
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Browsers:
    """Browsers that were started once, and are lent to a visitor at a time: each is a language with its options."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._kept: dict[str, BrowserContext] = {}
        self._lent: list[BrowserContext] = []

    def lend(self, language: str, options: dict[str, Any]) -> BrowserContext:
        """One without cookies or open pages, whose fonts and style sheets are loaded; another if that one is lent."""
        name = repr((language, sorted(options.items())))
        context = self._kept.get(name)
        if context is None or context in self._lent:
            context = self._start(language, options)
            self._kept.setdefault(name, context)
        self._lent.append(context)
        return context

    def take_back(self) -> None:
        """Close and forget whatever the visitors left behind."""
        for context in self._lent:
            if context in self._kept.values():
                self._forget(context)
            else:
                context.close()
        self._lent.clear()

    def _start(self, language: str, options: dict[str, Any]) -> BrowserContext:
        context = self._chromium.new_context(locale=language, viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(20_000)
        # An empty page of this machine that stays open, and with it the process that draws the pages of this machine.
        page = context.new_page()
        page.route("**", lambda route: route.fulfill(body=""))
        page.goto("http://127.0.0.1/")
        return context

    def _forget(self, context: BrowserContext) -> None:
        first, *others = context.pages
        storage = context.new_cdp_session(first)
        for page in others:
            parts = urlsplit(page.url)
            told = {"origin": f"{parts.scheme}://{parts.netloc}", "storageTypes": "local_storage"}
            page.close()
            if parts.netloc:
                storage.send("Storage.clearDataForOrigin", told)
        storage.detach()
        context.clear_cookies()


@pytest.fixture(scope="session")
def browsers(browser: Browser) -> Browsers:
    return Browsers(browser)


@pytest.fixture
def visitor(browsers: Browsers) -> Iterator[NewVisitor]:
    """`visitor("en")`: somebody with an empty browser in that language; options go to Playwright's context."""

    def make(language: str = "ko", **options: Any) -> BrowserContext:
        return browsers.lend(language, options)

    yield make
    browsers.take_back()


def complaints(page: Page) -> list[str]:
    """Collects from now on what the browser complains about: blocked content, missing files, script errors."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(NOISE):
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def faults(page: Page, *, turn_back: bool = True) -> list[str]:
    """What is wrong with the page at hand, at each width: axe-core's violations and sideways scrolling.

    Looks first at the width that the page has, and leaves it at the other one unless it is to `turn_back`.
    """
    found: list[str] = []
    before = page.viewport_size
    widths = sorted(WIDTHS, key=lambda width: before is None or before["width"] != width)
    for place, width in enumerate(widths):
        if not page.viewport_size or page.viewport_size["width"] != width:
            page.set_viewport_size({"width": width, "height": 900})
        seen = _look(page, turned=place > 0)
        if seen["wide"] > width:
            found.append(f"{page.url} at {width}: scrolls sideways to {seen['wide']}")
        found += [f"{page.url} at {width}: {violation}" for violation in seen["violations"]]
    if turn_back and before and before != page.viewport_size:
        page.set_viewport_size(before)
    return found + [f"{page.url}: {slip}" for slip in slips(seen)]


def _look(page: Page, *, turned: bool) -> dict[str, Any]:
    """What is there at the page's width; axe-core is handed over with the question where the page has none yet."""
    seen = page.evaluate(LOOK, turned)
    if seen is None:
        seen = page.evaluate(f"{axe()};\n({LOOK})", turned)
    return dict(seen)


@cache
def axe() -> str:
    return AXE.read_text()


def slips(seen: Mapping[str, Any]) -> list[str]:
    """What axe-core doesn't mind: a heading too many, a field the browser can't fill in, words nobody translated."""
    found = [] if seen["headings"] == 1 else [f"has {seen['headings']} h1"]
    found += [f"field {name} says nothing about autocomplete" for name in seen["silent"]]
    if NOTHING.search(seen["text"]):
        found.append("shows None")
    if seen["language"] == "ko":
        found += [f"is not translated: {match.group(0)}" for match in SENTENCE.finditer(seen["text"])]
    return found
