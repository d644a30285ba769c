"""The main menu and the footer of each face. A link stands here only when its page does, and the reader may open it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from django.urls.resolvers import URLResolver
from django.utils.translation import gettext, gettext_noop

from accounts.access import Decision, OfficerFacts, decision_of


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool


Entries = tuple[tuple[str, str], ...]
# Face → (label, URL name). The order is the order of the menu.
MENU: dict[str, Entries] = {
    "public": (
        (gettext_noop("Find and pay a bill"), "billing:find"),
        (gettext_noop("My page"), "portal:my_page"),
        (gettext_noop("Check a receipt"), "receipts:verify"),
    ),
    "office": (
        (gettext_noop("Office home"), "desk:home"),
        (gettext_noop("Levy rolls"), "billing:rolls"),
        (gettext_noop("Bills"), "billing:search"),
        (gettext_noop("Taxpayers"), "accounts:taxpayers"),
        (gettext_noop("Documents"), "receipts:register"),
        (gettext_noop("Counter"), "payments:counter"),
        (gettext_noop("Payments"), "payments:search"),
        (gettext_noop("Calls"), "payments:calls"),
        (gettext_noop("Refunds"), "refunds:desk"),
        (gettext_noop("Open tax court"), "appeals:desk"),
        (gettext_noop("Books"), "ledger:trial_balance"),
        (gettext_noop("Audit trail"), "audit:trail"),
    ),
}
FOOTER: dict[str, Entries] = {
    "public": (
        (gettext_noop("About this site"), "portal:about"),
        (gettext_noop("The city's log"), "openness:log"),
        (gettext_noop("Model taxpayers"), "mileage:selections"),
        (gettext_noop("Hearings of the open tax court"), "appeals:calendar"),
        (gettext_noop("Decisions of the tax court"), "decisions:decisions"),
    ),
}


def menu(face: str, request: HttpRequest) -> list[Link]:
    return _links(MENU.get(face, ()), request)


def footer(face: str, request: HttpRequest) -> list[Link]:
    return _links(FOOTER.get(face, ()), request)


def address_of(name: str) -> str | None:
    """The address of a page, or None where this face doesn't serve it."""
    return _address_of(name, get_resolver())


# Every page has the same menu, so it is worked out once for a face (its resolver).
@lru_cache(maxsize=256)
def _address_of(name: str, _face: URLResolver) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


@lru_cache(maxsize=256)
def _decision_at(url: str, _face: URLResolver) -> Decision | None:
    return decision_of(resolve(url).func)


def may_open(url: str, officer: OfficerFacts | None) -> bool:
    """Whether the page's own decorator would let this officer in; a page for no special role is open to all."""
    decision = _decision_at(url, get_resolver())
    if decision is None or not decision.roles:
        return True
    return officer is not None and not officer.roles.isdisjoint(decision.roles)


def _links(entries: Entries, request: HttpRequest) -> list[Link]:
    officer = getattr(request, "officer", None)
    found = [(label, address_of(name)) for label, name in entries]
    return [
        Link(gettext(label), url, _is_current(url, request.path))
        for label, url in found
        if url is not None and may_open(url, officer)
    ]


def _is_current(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
