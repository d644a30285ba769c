"""The same small cast for all tests: a payer with a bill, found on the public face by its electronic payment number."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.apps import apps
from django.db import connection, transaction

from billing.selectors import find_bill
from core import clock
from core.db.session import session_secret
from ledger import selectors as books
from payments import services
from payments.models import Attempt
from payments.services import ReturnAddresses, Wish
from tests.support.database import AsRole

BACK = ReturnAddresses(success="http://127.0.0.1:9/paid/{secret}", fail="http://127.0.0.1:9/failed/{secret}")


def today() -> date:
    """Asked each time: a run may last over midnight."""
    return clock.local_date(clock.now())


@dataclass(frozen=True)
class BillFacts:
    id: int
    epay_number: str
    amount: int
    payer: str
    taxpayer_id: int


def a_bill(
    *,
    tax: int = 40_000,
    education: int = 12_000,
    due: date | None = None,
    body: str = "11110",
    of: BillFacts | None = None,
    levy: str = "automobile",
) -> BillFacts:
    """A bill of a `levy` in force with two lines, its receivable posted; due in the future unless said otherwise.

    Its payer is somebody new, or the one `of` another bill.
    """
    payer = of.payer if of else f"홍길동{secrets.token_hex(3)}"
    number = f"{secrets.randbelow(10**19):019d}"
    due = due or today() + timedelta(days=20)
    issued_at = datetime.combine(due - timedelta(days=30), datetime.min.time(), UTC)
    with transaction.atomic():
        people = apps.get_model("accounts", "Taxpayer").objects
        born = date(1850, 3, 1)
        taxpayer = (
            people.get(pk=of.taxpayer_id) if of else people.create(kind="individual", name=payer, birth_date=born)
        )
        bill = apps.get_model("billing", "Bill").objects.create(
            taxpayer=taxpayer,
            body_id=body,
            tax_id=levy,
            tax_year=2026,
            term=1,
            status="issued",
            tax_number=f"{secrets.randbelow(10**31):031d}",
            epay_number=number,
            roll_ref=number,
            object_ref=number,
            facts={},
            amount=tax + education,
            liability_on=due - timedelta(days=30),
            nominal_due_on=due,
            due_on=due,
            issued_at=issued_at,
        )
        line = apps.get_model("billing", "BillLine")
        line.objects.create(bill=bill, position=1, tax_id=levy, amount=tax)
        line.objects.create(bill=bill, position=2, tax_id="local_education", amount=education)
        _post_levy(bill.pk, body, {levy: tax, "local_education": education})
    return BillFacts(bill.pk, number, tax + education, payer, taxpayer.pk)


def _post_levy(bill_id: int, body: str, amounts: dict[str, int]) -> None:
    sides = [
        {"body": body, "tax": name, "purpose": purpose, "amount": sign * amount}
        for name, amount in amounts.items()
        for purpose, sign in (("receivable", 1), ("revenue", -1))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post_entry('levy', %s, current_date, now(), %s)", [f"bill:{bill_id}", json.dumps(sides)]
        )


@dataclass
class Visitor:
    """Somebody at the public face without an account; what they do runs as that face's role."""

    as_role: AsRole
    secret: str

    @contextmanager
    def here(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(self.as_role("public"))
            stack.enter_context(session_secret(self.secret))
            yield

    def finds(self, bill: BillFacts) -> None:
        with self.here():
            found = find_bill(epay_number=bill.epay_number, name=bill.payer, born=None, visitor=self.secret)
            assert found.bill_id == bill.id

    def starts_card(self, bill: BillFacts, *, key: str = "", amount: int | None = None) -> services.Started:
        with self.here():
            return services.start_card(wish=self.wish(bill, key, amount), back=BACK, at=clock.now())

    def starts_account(self, bill: BillFacts, *, bank: str = "20", key: str = "") -> services.Started:
        with self.here():
            return services.start_virtual_account(wish=self.wish(bill, key, None), bank=bank, at=clock.now())

    def returns(self, started: services.Started) -> None:
        with self.here():
            services.return_from_card(secret=started.secret, at=clock.now())

    @staticmethod
    def wish(bill: BillFacts, key: str = "", amount: int | None = None) -> Wish:
        return Wish([bill.id], amount if amount is not None else bill.amount, key or secrets.token_hex(16), "ko")


def a_visitor(as_role: AsRole, bill: BillFacts | None = None) -> Visitor:
    visitor = Visitor(as_role, secrets.token_urlsafe(32))
    if bill:
        visitor.finds(bill)
    return visitor


def attempt_of(started: services.Started) -> Attempt:
    return Attempt.objects.get(token_hash=hashlib.sha256(started.secret.encode()).digest())


def balances() -> dict[str, int]:
    """Balances by purpose over all accounts, without those that are zero."""
    sums: dict[str, int] = {}
    for line in books.trial_balance():
        sums[line.purpose] = sums.get(line.purpose, 0) + line.balance
    return {purpose: amount for purpose, amount in sums.items() if amount}


def sweep_later(*, after: timedelta = timedelta(seconds=0)) -> services.Swept:
    return services.sweep(at=clock.now() + after)
