"""The first page of the office face."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from accounts.access import OfficerFacts, office_required, officer_of
from etax.web.navigation import address_of, may_open


@dataclass(frozen=True)
class Task:
    """Where a piece of work begins. `city`: only for officers of the city itself, not of a district."""

    label: str
    text: str
    page: str
    city: bool = False


@dataclass(frozen=True)
class Card:
    label: str
    text: str
    url: str


TASKS = (
    Task(
        gettext_noop("Levy rolls"),
        gettext_noop("Import a roll, look at its totals and defects, approve it and issue its bills."),
        "billing:rolls",
    ),
    Task(
        gettext_noop("Find a bill"),
        gettext_noop("By electronic payment number, tax number, roll reference or vehicle."),
        "billing:search",
    ),
    Task(
        gettext_noop("Taxpayers"),
        gettext_noop("Addresses, co-owners, heirs, powers of attorney, and new records."),
        "accounts:taxpayers",
    ),
    Task(
        gettext_noop("Documents"),
        gettext_noop("Find a receipt in the register, print it again, withdraw one that was issued by mistake."),
        "receipts:register",
    ),
    Task(
        gettext_noop("Changes that wait"),
        gettext_noop("Reductions, cancellations and other changes of bills that want a second officer."),
        "billing:waiting",
    ),
    Task(
        gettext_noop("Due dates moved for everybody"),
        gettext_noop("Acts after a failure or a disaster, with the bills that they moved."),
        "billing:extensions",
    ),
    Task(
        gettext_noop("Find a payment"),
        gettext_noop("By its reference, to see what happened to it."),
        "payments:search",
        city=True,
    ),
    Task(
        gettext_noop("Counter"),
        gettext_noop("Take cash or a cheque for bills, and give change and receipt."),
        "payments:counter",
    ),
    Task(
        gettext_noop("Drawers of the counters"),
        gettext_noop("Counts that wait for a second officer, and cheques that banks did not honour."),
        "payments:drawers",
    ),
    Task(
        gettext_noop("Call centre"),
        gettext_noop("Check a caller, send a link to pay, or have a card typed on the telephone's keys."),
        "payments:calls",
    ),
    Task(
        gettext_noop("Card payments given back"),
        gettext_noop("What waits for a second officer, and what the gateways did."),
        "payments:cancellations",
    ),
    Task(
        gettext_noop("Automatic debits"),
        gettext_noop("What was debited on a due date, what failed and is tried again; ending somebody's mandate."),
        "payments:debits",
    ),
    Task(
        gettext_noop("Returns"),
        gettext_noop("What taxpayers filed here; filing for somebody who is present."),
        "filing:desk",
    ),
    Task(
        gettext_noop("Refunds"),
        gettext_noop("What is to be paid back: assess, approve, and see what became of it."),
        "refunds:desk",
    ),
    Task(
        gettext_noop("Claims of taxpayers"),
        gettext_noop("That a bill asked too much: answer them, or read one before you decide as the second officer."),
        "refunds:claims",
    ),
    Task(
        gettext_noop("Open tax court"),
        gettext_noop("Cases with their deadlines: answer, mend, rule, sign and serve."),
        "appeals:desk",
    ),
    Task(
        gettext_noop("My sittings"),
        gettext_noop("For members of the committee: cases, papers, votes, and rulings to sign."),
        "appeals:bench",
    ),
    Task(
        gettext_noop("Desk of the special tax advocate"),
        gettext_noop("Your cases with their papers, your absences, and towards whom you are not free."),
        "appeals:advocate_desk",
    ),
    Task(
        gettext_noop("Pool of special tax advocates"),
        gettext_noop("Who knows which tax, who is absent, and how evenly cases fell."),
        "appeals:pool",
        city=True,
    ),
    Task(
        gettext_noop("Objections of cardholders"),
        gettext_noop("Card payments taken back by the card company: until when to answer, with what evidence."),
        "payments:disputes",
        city=True,
    ),
    Task(
        gettext_noop("Gateways"),
        gettext_noop("Which gateway serves a way to pay, and whether it answers."),
        "payments:routes",
        city=True,
    ),
    Task(
        gettext_noop("Files of banks"),
        gettext_noop("Notices and statements: what was posted, what fits nothing, what was refused."),
        "payments:bank_files",
        city=True,
    ),
    Task(
        gettext_noop("Messages of gateways"),
        gettext_noop("Notifications that wait to be processed or were set aside."),
        "payments:inbox",
        city=True,
    ),
    Task(
        gettext_noop("Reversals that wait for their payment"),
        gettext_noop("Money taken back whose payment is not here, with its age."),
        "payments:remembered",
        city=True,
    ),
    Task(
        gettext_noop("Money in suspense"),
        gettext_noop("Deposits that could not be assigned to a bill, oldest first."),
        "payments:suspense",
        city=True,
    ),
    Task(
        gettext_noop("Payments ended by the office"),
        gettext_noop("Where a gateway says nothing any more, two officers end a payment."),
        "payments:forcings",
        city=True,
    ),
    Task(
        gettext_noop("Business days"),
        gettext_noop("Whether gateways, banks and books agree on each day, and what is missing."),
        "payments:days",
        city=True,
    ),
    Task(
        gettext_noop("Distribution"),
        gettext_noop("Whom the money of a business day belongs to, and when it is remitted."),
        "payments:distribution",
    ),
    Task(
        gettext_noop("Money sent"),
        gettext_noop("Files of transfers to approve and release, and what the bank rejected."),
        "payments:transfers",
        city=True,
    ),
    Task(
        gettext_noop("Liability for points"),
        gettext_noop("What the city owes for mileage, how it came to be, and when it expires."),
        "mileage:liability",
        city=True,
    ),
    Task(
        gettext_noop("Points for cards, vouchers, money and charities"),
        gettext_noop("Files for transit cards, vouchers and charities, and money to accounts, by two officers."),
        "mileage:batches",
        city=True,
    ),
    Task(
        gettext_noop("Grades and model taxpayers"),
        gettext_noop("Who has which grade, and the yearly draw that anybody can repeat."),
        "mileage:draws",
        city=True,
    ),
    Task(
        gettext_noop("Books"),
        gettext_noop("Trial balance and statements of account for any day."),
        "ledger:trial_balance",
    ),
    Task(
        gettext_noop("Audit trail"),
        gettext_noop("Who did what, when, from where and whose data they saw."),
        "audit:trail",
    ),
    Task(
        gettext_noop("Officers and roles"),
        gettext_noop("Who works here and what each may do. Granting a role needs two administrators."),
        "accounts:officers",
    ),
    Task(
        gettext_noop("My account"),
        gettext_noop("Password, code generator, backup codes and where you are signed in."),
        "accounts:account",
    ),
)


@office_required()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this officer's roles let them do."""
    officer = officer_of(request)
    context = {
        "officer": officer,
        "roles": [role.label for role in sorted(officer.roles)],
        "tasks": _open_to(officer),
    }
    return render(request, "desk/home.html", context)


def _open_to(officer: OfficerFacts) -> list[Card]:
    found = [(task, address_of(task.page)) for task in TASKS if officer.of_the_city or not task.city]
    return [
        Card(gettext(task.label), gettext(task.text), url)
        for task, url in found
        if url is not None and may_open(url, officer)
    ]
