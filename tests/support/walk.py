"""Walking a whole site by its links, as somebody who clicks on everything, with no script of a page running."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, CDPSession, Error, Page

from tests.support.browser import axe, complaints, faults

# Pages of one kind (bill 1, bill 2, …) that are looked at closely; the others only have to answer.
LOOKED_AT = 1
MANY = 400
# What is asked for and not opened: a browser would look for an icon of it, or save it.
FILES = (".json", ".csv", ".ics", "pdf", "/image/")
# Asked of the page itself: Playwright's own selectors would first bring their engine into every page.
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))"


@dataclass
class Walk:
    """What was seen on the way, and of which kinds (routes); `faults` is empty on a good site."""

    pages: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


def look_at(page: Page) -> list[str]:
    """Every other page is opened as narrow as a telephone: where the one before was looked at last."""
    return faults(page, turn_back=False)


def walk(
    context: BrowserContext,
    start: str,
    *,
    urlconf: str,
    also: Sequence[str] = (),
    look: Callable[[Page], list[str]] = look_at,
) -> Walk:
    """Follow every link below `start`'s host from page to page, with the cookies of `context`.

    `also` are paths to begin at too: answers to searches, and what a link in a letter opens.
    """
    host = urlsplit(start).netloc
    queue = [start, *(urljoin(start, path) for path in also)]
    seen, done = set(queue), Walk()
    kinds: Counter[str] = Counter()
    page = context.new_page()
    heard = complaints(page)
    scripts = context.new_cdp_session(page)
    scripts.send("Page.enable")
    # Handed over once, and there on each page before it is asked for: this runs where a page's own scripts don't.
    scripts.send("Page.addScriptToEvaluateOnNewDocument", {"source": axe()})
    while queue and len(seen) < MANY:
        url = queue.pop(0)
        kind = _kind(url, urlconf)
        kinds[kind] += 1
        looked_at = kinds[kind] <= LOOKED_AT and not url.partition("?")[0].endswith(FILES)
        status, is_page = _open(page, url, scripts) if looked_at else _ask(page, url)
        if status >= 400 or kind == "?":
            done.faults.append(f"{url}: answers {status}")
        else:
            done.pages.append(url)
            done.kinds.add(kind)
        if status >= 400 or not is_page:
            heard.clear()  # the status was noted
            continue
        done.faults += [f"{url}: {text}" for text in heard]
        links = page.evaluate(LINKS)
        done.faults += look(page)
        heard.clear()
        for link in links:
            target = urldefrag(urljoin(page.url, link)).url
            if urlsplit(target).netloc == host and target not in seen and not _switches_language(target):
                seen.add(target)
                queue.append(target)
    page.close()
    return done


def _open(page: Page, url: str, scripts: CDPSession) -> tuple[int, bool]:
    """Go there without scripts; status, and whether it is a page (a file is only asked for)."""
    with _without_scripts(scripts):
        try:
            answer = page.goto(url)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            return _ask(page, url)
    assert answer is not None
    return answer.status, "text/html" in answer.headers.get("content-type", "")


def _ask(page: Page, url: str) -> tuple[int, bool]:
    return page.context.request.get(url, max_redirects=5).status, False


@contextmanager
def _without_scripts(scripts: CDPSession) -> Iterator[None]:
    """What a page brings along is not run while it loads, and so never; axe-core comes afterwards."""
    scripts.send("Emulation.setScriptExecutionDisabled", {"value": True})
    yield
    scripts.send("Emulation.setScriptExecutionDisabled", {"value": False})


def _kind(url: str, urlconf: str) -> str:
    try:
        return resolve(urlsplit(url).path, urlconf).route
    except Resolver404:
        return "?"


def _switches_language(url: str) -> bool:
    return urlsplit(url).path == "/language/"
