"""The first page of the public face, and the first page of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from accounts.access import Assurance, account_of, citizen_required, public_page
from billing import selectors as billing
from core import clock
from etax.web.navigation import address_of


@dataclass(frozen=True)
class Card:
    """A thing that can be done here; `url` is where it begins."""

    label: str
    text: str
    url: str


# Label, explanation, URL name. A journey that this face doesn't serve has no card.
Entries = tuple[tuple[str, str, str], ...]
HOME: Entries = (
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
        gettext_noop("Is there a refund for me?"),
        gettext_noop("Ask without an account. The answer goes to your registered contacts."),
        "refunds:whether",
    ),
    (
        gettext_noop("Decisions of the tax court"),
        gettext_noop("What was decided when bills were contested, and why. Nobody is named."),
        "decisions:decisions",
    ),
)
JOIN: Entries = (
    (
        gettext_noop("Create an account"),
        gettext_noop("See all your bills in one place and get receipts at any time."),
        "accounts:sign_up",
    ),
)
OWN: Entries = (
    (gettext_noop("My bills"), gettext_noop("All bills, also those that are paid."), "billing:mine"),
    (
        gettext_noop("Automatic debit"),
        gettext_noop("Have your bills debited from your account on their due dates."),
        "payments:automatic_debit",
    ),
    (
        gettext_noop("Returns"),
        gettext_noop("File a tax that you compute yourself, amend it, and see what you filed."),
        "filing:mine",
    ),
    (
        gettext_noop("My refunds"),
        gettext_noop("What the city owes you back, and what became of it."),
        "refunds:mine",
    ),
    (
        gettext_noop("My cases"),
        gettext_noop("Bills that you contest: deadlines, hearing, ruling, and the money."),
        "appeals:mine",
    ),
    (gettext_noop("My receipts"), gettext_noop("Signed receipts of what you paid."), "receipts:mine"),
    (
        gettext_noop("My points"),
        gettext_noop("Mileage for paying well: balance, history, and using it."),
        "mileage:home",
    ),
    (
        gettext_noop("Find and pay a bill"),
        gettext_noop("A bill of somebody else, with its electronic payment number."),
        "billing:find",
    ),
    (
        gettext_noop("My account"),
        gettext_noop("Password, code generator, backup codes and where you are signed in."),
        "accounts:account",
    ),
)
MOST = 5


@public_page
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, with or without an account."""
    cards = _cards(HOME if request.user.is_authenticated else (*HOME, *JOIN))
    return render(request, "portal/home.html", {"cards": cards, "find_url": address_of("billing:find")})


@public_page
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, how it can be used by everybody, and which cookies it sets."""
    return render(request, "portal/about.html")


@citizen_required()
@require_GET
def my_page(request: HttpRequest) -> HttpResponse:
    """What is to be paid, and where the rest of one's own is found."""
    unpaid = [bill for bill in billing.my_bills(at=clock.now()) if bill.owed.total]
    unpaid.sort(key=lambda bill: (bill.due_on, bill.id))
    context = {
        "unpaid": unpaid[:MOST],
        "more": max(len(unpaid) - MOST, 0),
        "total": sum(bill.owed.total for bill in unpaid),
        "verified": account_of(request).assurance >= Assurance.IDENTITY,
        "identity_url": address_of("accounts:identity"),
        "claim_url": address_of("accounts:claim"),
        "cards": _cards(OWN),
    }
    return render(request, "portal/my_page.html", context)


def _cards(entries: Entries) -> list[Card]:
    return [
        Card(gettext(label), gettext(text), url)
        for label, text, name in entries
        if (url := address_of(name)) is not None
    ]
