"""Somebody with a browser, no JavaScript, and patience."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import urljoin

import httpx

from tools.demo.page import Form, Page

PATIENCE = 120.0


class NotAsExpected(Exception):
    """A page was not what the journey needs; says which and shows its text."""


class Visitor:
    """Keeps cookies, follows redirects between sites, fills forms by the names of their fields."""

    def __init__(self, start: str, *, language: str = "ko") -> None:
        self._http = httpx.Client(follow_redirects=True, timeout=30, headers={"Accept-Language": language})
        self.start = start
        self.url = start
        self.page = Page("")
        self.content = b""

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def open(self, address: str) -> Visitor:
        """Go to an address, relative to the page that is open."""
        return self._read(self._http.get(urljoin(self.url, address)))

    def link(self, pattern: str, *, says: str = "") -> str:
        """The address of the first link that leads to what `pattern` describes, and whose words `says` is among."""
        for link in self.page.links:
            if re.search(pattern, link.href) and says in " ".join(link.text.split()):
                return link.href
        raise self._unexpected(f"no link to {pattern}")

    def submit(
        self,
        *,
        to: str = "",
        pressing: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
        typed: Mapping[str, str] | None = None,
        **fields: str | list[str],
    ) -> Visitor:
        """Fill the form that has all these fields and send it.

        `to` is a part of the form's address, `pressing` the value of the button, where there are several; without
        any of these it is the page's own form. `typed` are fields whose names only the page knows.
        """
        fields |= typed or {}
        form = self._form({*fields, *(files or {})}, to, pressing)
        values = {**form.values, **fields}
        values.update({name: value for _, name, value in form.buttons if name and value == pressing})
        address = urljoin(self.url, form.action or self.url)
        if form.method == "get":
            return self._read(self._http.get(address, params=values))
        headers = {"Referer": self.url, "Origin": urljoin(self.url, "/").rstrip("/")}
        return self._read(self._http.post(address, data=values, files=files, headers=headers))

    def button(self, pattern: str) -> str:
        """The value of the first button whose value is what `pattern` describes."""
        values = (value for form in self.page.forms for _, _, value in form.buttons)
        found = next((value for value in values if re.search(pattern, value)), None)
        if found is None:
            raise self._unexpected(f"no button {pattern}")
        return found

    def option(self, name: str, label: str) -> str:
        """The value of the first choice of a list whose words contain `label`."""
        for of_list, value, words in self.page.options:
            if of_list == name and label in words:
                return value
        raise self._unexpected(f"no choice {label} of {name}")

    def wait_for(self, text: str) -> Visitor:
        """Look at the page again and again, as it does itself, until it shows `text`."""
        return self._until(lambda: text in self.page.text, text)

    def wait_for_file(self, address: str, start: bytes) -> bytes:
        """Ask for a file again and again until it is there; `start` is how it begins."""
        self.open(address)._until(lambda: self.content.startswith(start), f"file at {address}")
        return self.content

    def _until(self, seen: Callable[[], bool], what: str) -> Visitor:
        deadline = time.monotonic() + PATIENCE
        while not seen():
            if time.monotonic() > deadline:
                raise self._unexpected(f"no {what!r} within {PATIENCE:.0f} s")
            time.sleep(0.3)
            self.open(self.url)
        return self

    def expect(self, text: str) -> Visitor:
        if text not in self.page.text:
            raise self._unexpected(f"no text {text!r}")
        return self

    def _form(self, names: set[str], to: str, pressing: str) -> Form:
        for form in self.page.forms:
            pressed = not pressing or any(value == pressing for _, _, value in form.buttons)
            chosen = bool(names or to or pressing) or (form.method == "post" and not form.action)
            if names <= form.names and to in form.action and pressed and chosen:
                return form
        raise self._unexpected(f"no form with {sorted(names)} {to} {pressing}")

    def _read(self, answer: httpx.Response) -> Visitor:
        self.url, self.content = str(answer.url), answer.content
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        self.page = Page(answer.text) if is_page else Page("")
        if answer.is_error and answer.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
            raise self._unexpected(f"status {answer.status_code}")
        return self

    def _unexpected(self, what: str) -> NotAsExpected:
        return NotAsExpected(f"{self.url}: {what}; the page says: {self.page.heading} | {self.page.text[:600]}")
