"""Walking a whole site by its links, as somebody who clicks on everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page

from tests.support.browser import complaints, faults

# Pages of one kind (bill 1, bill 2, …) that are looked at closely; the others only have to answer.
LOOKED_AT = 1
MANY = 400


@dataclass
class Walk:
    """What was seen on the way, and of which kinds (routes); `faults` is empty on a good site."""

    pages: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)


def walk(context: BrowserContext, start: str, *, urlconf: str, look: Callable[[Page], list[str]] = faults) -> Walk:
    """Follow every link below `start`'s host from page to page, with the cookies of `context`."""
    host = urlsplit(start).netloc
    seen, queue, done = {start}, [start], Walk()
    kinds: Counter[str] = Counter()
    page = context.new_page()
    heard = complaints(page)
    while queue and len(seen) < MANY:
        url = queue.pop(0)
        kind = _kind(url, urlconf)
        kinds[kind] += 1
        answer = context.request.get(url, max_redirects=5)
        if answer.status >= 400 or kind == "?":
            done.faults.append(f"{url}: answers {answer.status}")
            continue
        done.pages.append(url)
        done.kinds.add(kind)
        if kinds[kind] > LOOKED_AT or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(url)
        done.faults += [f"{url}: {text}" for text in heard]
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        done.faults += look(page)
        heard.clear()
        for link in links:
            target = urldefrag(urljoin(page.url, link)).url
            if urlsplit(target).netloc == host and target not in seen and not _switches_language(target):
                seen.add(target)
                queue.append(target)
    page.close()
    return done


def _kind(url: str, urlconf: str) -> str:
    try:
        return resolve(urlsplit(url).path, urlconf).route
    except Resolver404:
        return "?"


def _switches_language(url: str) -> bool:
    return urlsplit(url).path == "/language/"
