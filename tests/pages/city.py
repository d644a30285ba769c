"""A small city for the browser: rolls of June 2026 in every state, their payers, and officers who sign in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from playwright.sync_api import Page

from accounts.enums import Assurance, AuthorityKind, Role
from accounts.models import RoleGrant, Share, Taxpayer
from accounts.services.addresses import move_address
from accounts.services.authorities import open_authority
from billing import services
from billing.models import Bill, BillChange, Extension
from billing.selectors import owed as owed_at
from core import clock
from payments.gateways.base import Movement, MovementKind
from payments.models import Attempt
from payments.services import Channel, pay_directly
from payments.services import Share as BillShare
from receipts.models import Document, DocumentContent
from receipts.services import request_document
from tests.accounts.people import PARK, PASSWORD, SONG, Member, citizen, code_of, officer
from tests.billing.conftest import AT, csv_of
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.deposits import take
from tests.receipts.papers import receipt_facts
from tests.support.database import admin_connection

PAYERS = (PARK, PARK, SONG)


@dataclass(frozen=True)
class City:
    """Who lives and works here. `bills` are issued, the first two to `payer`; `numbers` stand in addresses of pages."""

    payer: Member
    stranger: Member
    officer: Member
    newcomer: Member
    bills: list[Bill]
    numbers: dict[str, int]


def found_city(deliver_events: Callable[[], int]) -> City:
    worker = officer("everything@example.com", *Role)
    approver = officer("approver@example.com", Role.APPROVER)
    issued = _issue(_roll(range(3)), worker, approver)
    deliver_events()
    waiting = _import(_roll(range(3, 5)), worker, "waiting.csv")
    broken = _import(csv_of({"taxpayer_name": "=1+1"}, {"half": "2"}), worker, "defects.csv")
    payer = citizen("payer@example.kr", PARK, Assurance.IDENTITY)
    _document(payer)
    _return(payer)
    _waiting_decisions(approver)
    take(notice(entry(Told(7, ref="B-1"))))
    _silent_payment()
    _overpayment(Bill.objects.order_by("pk")[0].pk)
    deliver_events()
    return City(
        payer=payer,
        stranger=citizen("stranger@example.kr"),
        officer=worker,
        newcomer=officer("newcomer@example.com", body="11110"),
        bills=list(Bill.objects.order_by("pk")),
        numbers={
            "bill": Bill.objects.order_by("pk")[0].pk,
            "other_bill": Bill.objects.order_by("pk")[1].pk,
            "payer": payer.taxpayer or 0,
            "joint": _joint_record(payer, worker),
            "dead": Taxpayer.objects.create(kind="individual", name="고인", died_on=date(1950, 5, 5)).pk,
            "issued_roll": issued,
            "waiting_roll": waiting,
            "broken_roll": broken,
            "officer": worker.account,
            "colleague": approver.account,
            "grant": RoleGrant.objects.filter(officer_id=worker.account).values_list("pk", flat=True)[0],
        },
    )


def _return(payer: Member) -> None:
    """A return that the payer filed on its page, of which nothing is due."""
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute(
            "INSERT INTO filing_return (taxpayer_id, body_id, kind, thing, inputs, due_on, filed_on, filed_at, "
            "filed_by_id, at_counter, key, said, status, why) VALUES (%s, '11110', 'leisure', 'a race course 2026 5', "
            """'{"object": "A", "year": 2026, "month": 5, "tickets_sold": 0}', '2026-06-10', '2026-06-01', now(), """
            "%s, false, gen_random_uuid(), 0, 'nothing', '')",
            [payer.taxpayer, payer.account],
        )


def _overpayment(bill_id: int) -> None:
    """A bill that was paid twice at a machine: a refund waits at the desk and in its owner's list."""
    owed = owed_at(bill_ids=[bill_id], at=clock.now())[bill_id].total
    moved = Movement(id="TWICE-1", kind=MovementKind.DEPOSIT, amount=owed + 7_000, at=clock.now())
    shares = [BillShare(bill_id, moved.amount)]
    pay_directly(gateway="atm:088", channel=Channel.ATM, movement=moved, shares=shares, at=clock.now())


def _document(payer: Member) -> None:
    """A document in the register; drawing and signing one takes long, and no page looks into it."""
    assert payer.taxpayer is not None
    document_id = request_document(
        kind="payment", taxpayer_id=payer.taxpayer, reference="X-1/1", facts=receipt_facts(), at=AT
    )
    pdf = b"%PDF-1.4 as good as any"
    DocumentContent.objects.create(document_id=document_id, pdf=pdf)
    digest = hashlib.sha256(pdf).digest()
    Document.objects.filter(pk=document_id).update(status="ready", sha256=digest, ready_at=AT)


def _waiting_decisions(asking: Member) -> None:
    """A bill that somebody wants cancelled, and an act that would move due dates."""
    BillChange.objects.create(
        bill=Bill.objects.order_by("pk")[2], kind="cancel", status="proposed", amount=1, details={}, reason="차량 말소",
        article="지방세기본법 제58조", needs_second=True, asked_by_id=asking.account, asked_at=AT,
    )  # fmt: skip
    Extension.objects.create(
        nominal_from=date(2026, 6, 30), nominal_to=date(2026, 6, 30), due=date(2026, 7, 15), status="proposed",
        article="지방세기본법 제26조", reason_ko="장애", reason_en="failure", asked_by_id=asking.account, asked_at=AT,
    )  # fmt: skip


def _silent_payment() -> None:
    """A payment whose gateway says nothing."""
    Attempt.objects.create(
        reference="PAY-SILENT", channel="card", gateway="sandbox_acquirer", amount=1, status="confirming", asks=7,
        session_mark="0" * 64, idempotency_key="0", language="ko", expires_at=AT, created_at=AT, token_hash=bytes(32),
    )  # fmt: skip


def _joint_record(payer: Member, clerk: Member) -> int:
    """The payer and somebody else own something together; the payer sees it."""
    other = Taxpayer.objects.create(kind="individual", name="공유자")
    joint = Taxpayer.objects.create(kind="joint", name="박승우 외 1인")
    assert payer.taxpayer is not None
    move_address(taxpayer_id=payer.taxpayer, text="종로구 예시길 1", starts_on=date(2020, 1, 1))
    with transaction.atomic():
        for owner in (payer.taxpayer, other.pk):
            Share.objects.create(
                joint=joint, owner_id=owner, numerator=1, denominator=2, starts_on=date(2024, 1, 1),
                recorded_by_id=clerk.account,
            )  # fmt: skip
            open_authority(
                kind=AuthorityKind.CO_OWNER, principal_id=joint.pk, agent_id=owner, starts_on=date(2024, 1, 1),
                reason="register of land", actor_id=clerk.account,
            )  # fmt: skip
    return joint.pk


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


def _issue(text: str, uploader: Member, approver: Member) -> int:
    roll_id = _import(text, uploader, "issued.csv")
    services.approve_roll(roll_id=roll_id, approved_by_id=approver.account, at=AT)
    services.issue_roll(roll_id=roll_id, at=AT)
    return roll_id


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
