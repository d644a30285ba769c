"""A small city for the browser: rolls of June 2026 in every state, their payers, and officers who sign in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from accounts.enums import Assurance, Role
from billing import services
from billing.models import Bill
from tests.accounts.people import PARK, PASSWORD, SONG, Member, citizen, code_of, officer
from tests.billing.conftest import AT, csv_of

PAYERS = (PARK, PARK, SONG)


@dataclass(frozen=True)
class City:
    """Who lives and works here. `bills` are issued, the first two to `payer`."""

    payer: Member
    stranger: Member
    officer: Member
    newcomer: Member
    bills: list[Bill]


def found_city(deliver_events: Callable[[], int]) -> City:
    worker = officer("everything@example.com", *Role)
    approver = officer("approver@example.com", Role.APPROVER)
    _issue(_roll(range(3)), worker, approver)
    deliver_events()
    _import(_roll(range(3, 5)), worker, "waiting.csv")
    _import(csv_of({"taxpayer_name": "=1+1"}, {"half": "2"}), worker, "defects.csv")
    return City(
        payer=citizen("payer@example.kr", PARK, Assurance.IDENTITY),
        stranger=citizen("stranger@example.kr"),
        officer=worker,
        newcomer=officer("newcomer@example.com", body="11110"),
        bills=list(Bill.objects.order_by("pk")),
    )


def _roll(numbers: range) -> str:
    rows = []
    for number in numbers:
        payer = PAYERS[number % len(PAYERS)]
        rows.append(
            {
                "roll_ref": f"CAR-{number}",
                "taxpayer_name": payer.name,
                "resident_number": payer.resident_number,
                "vehicle_number": f"12{number}가4567",
                "displacement_cc": str(1600 + 400 * number),
            }
        )
    return csv_of(*rows)


def _import(text: str, uploader: Member, file_name: str) -> int:
    return services.import_roll(
        content=text.encode(),
        file_name=file_name,
        tax="automobile",
        year=2026,
        term=1,
        uploaded_by_id=uploader.account,
        at=AT,
    )


def _issue(text: str, uploader: Member, approver: Member) -> None:
    roll_id = _import(text, uploader, "issued.csv")
    services.approve_roll(roll_id=roll_id, approved_by_id=approver.account, at=AT)
    services.issue_roll(roll_id=roll_id, at=AT)


def sign_in(page: Page, site: str, member: Member) -> None:
    """As the person would: e-mail, password, and the one-time code where one is asked for."""
    page.goto(f"{site}/sign-in/")
    page.locator("[name=email]").fill(member.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    if "/code/" in page.url:
        page.locator("[name=code]").fill(code_of())
        page.locator("main form button").first.click()
    assert "/sign-in/" not in page.url
