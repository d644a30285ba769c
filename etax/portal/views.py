"""The first page of the public face."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from etax.web.navigation import address_of


@dataclass(frozen=True)
class Card:
    """A thing that can be done here; `url` is where it begins."""

    label: str
    text: str
    url: str


# Label, explanation, URL name. A journey that this face doesn't serve (yet) has no card.
CARDS = (
    (
        gettext_noop("Find and pay a bill"),
        gettext_noop("With the electronic payment number of a paper bill. No account is needed."),
        "billing:find",
    ),
    (
        gettext_noop("My page"),
        gettext_noop("Your bills, payments and receipts. You sign in for this."),
        "portal:my_page",
    ),
    (
        gettext_noop("Check a receipt"),
        gettext_noop("Find out whether a receipt is genuine and unchanged."),
        "receipts:verify",
    ),
    (
        gettext_noop("Create an account"),
        gettext_noop("See all your bills in one place and get receipts at any time."),
        "accounts:sign_up",
    ),
)


def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, with or without an account."""
    cards = [
        Card(gettext(label), gettext(text), url) for label, text, name in CARDS if (url := address_of(name)) is not None
    ]
    return render(request, "portal/home.html", {"cards": cards, "find_url": address_of("billing:find")})


def about(request: HttpRequest) -> HttpResponse:
    """What this site is, how it can be used by everybody, and which cookies it sets."""
    return render(request, "portal/about.html")
