"""The main menu and the footer of each face. A link stands here only when its page does."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool


# Face → (label, URL name). The order is the order of the menu.
MENU: dict[str, tuple[tuple[str, str], ...]] = {
    "public": (
        (gettext_noop("Find and pay a bill"), "billing:find"),
        (gettext_noop("My page"), "portal:my_page"),
        (gettext_noop("Check a receipt"), "receipts:verify"),
    ),
    "office": ((gettext_noop("Office home"), "desk:home"),),
}

FOOTER: dict[str, tuple[tuple[str, str], ...]] = {
    "public": (
        (gettext_noop("About this site"), "portal:about"),
        (gettext_noop("The city's log"), "openness:log"),
    ),
}


def menu(face: str, request: HttpRequest) -> list[Link]:
    return _links(MENU.get(face, ()), request)


def footer(face: str, request: HttpRequest) -> list[Link]:
    return _links(FOOTER.get(face, ()), request)


def _links(entries: tuple[tuple[str, str], ...], request: HttpRequest) -> list[Link]:
    links = []
    for label, name in entries:
        url = address_of(name)
        if url:
            links.append(Link(gettext(label), url, _is_current(url, request.path)))
    return links


def address_of(name: str) -> str | None:
    """The address of a page, or None where this face doesn't serve it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _is_current(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
