"""A file posted in a few statements leaves the same books as its deposits posted one after the other; so it does when
the process that posts it is killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from core import clock
from payments import services
from payments.gateways.base import Movement, MovementKind
from payments.models import Attempt, BankFile, Payment
from payments.rules.allocation import Share
from payments.states import Channel
from tests.payments.bank_messages import Told, entry, notice
from tests.payments.cast import BillFacts, a_bill, today
from tests.payments.deposits import an_account, fates, number_of, take
from tests.support.live import face_environment

pytestmark = pytest.mark.usefixtures("db")
CHECKOUT = Path(__file__).resolve().parent.parent.parent
ONE_BY_ONE = "081"


@dataclass(frozen=True)
class Order:
    """What one payer was asked for: bills of one number, or a bill that a transfer names."""

    bills: tuple[BillFacts, ...]
    attempt: Attempt | None


def an_order(random: Random, bank: str) -> Order:
    kind = random.choice(("plain", "plain", "late", "basket", "cancelled", "credited", "named", "expired"))
    due = today() - timedelta(days=random.randint(5, 400)) if kind == "late" else None
    tax = random.randint(1, 60_000) * 10
    bill = a_bill(tax=tax, due=due)
    if kind == "cancelled":
        apps.get_model("billing", "Bill").objects.filter(pk=bill.id).update(status="cancelled")
    if kind == "credited":
        line = apps.get_model("billing", "BillLine").objects.filter(bill_id=bill.id).earliest("position")
        apps.get_model("billing", "BillCredit").objects.create(
            bill_id=bill.id, line=line, amount=min(500, tax), kinds=["e_notice"], article="x"
        )
    bills = (bill, a_bill(tax=10_000)) if kind == "basket" else (bill,)
    if kind == "named":
        return Order(bills, None)
    return Order(bills, an_account(*bills, bank=bank, status="expired" if kind == "expired" else "waiting"))


def sums(random: Random, order: Order) -> list[int]:
    asked = sum(bill.amount for bill in order.bills)
    more = random.randint(1, 90_000)
    return random.choice(([asked], [asked], [more], [asked + more], [asked, asked], [1, asked], [more, more, more]))


def deposits(seed: int, bank: str) -> tuple[list[Order], list[tuple[Order | None, int]]]:
    """The same for the same seed; `None`: for nobody we know."""
    random = Random(seed)  # noqa: S311 (it must come out the same again)
    orders = [an_order(random, bank) for _ in range(10)]
    made: list[tuple[Order | None, int]] = [(order, amount) for order in orders for amount in sums(random, order)]
    made += [(None, 777), (None, 778)]
    random.shuffle(made)
    return orders, made


def as_file(made: Sequence[tuple[Order | None, int]]) -> bytes:
    return notice(*(entry(_told(order, amount, ref=f"M-{place}")) for place, (order, amount) in enumerate(made)))


def _told(order: Order | None, amount: int, ref: str) -> Told:
    if order is None:
        return Told(amount, ref=ref)
    if order.attempt is None:
        return Told(amount, text=f"지방세 {order.bills[0].epay_number}", ref=ref)
    return Told(amount, to=number_of(order.attempt), ref=ref)


def one_by_one(made: Sequence[tuple[Order | None, int]]) -> None:
    for place, (order, amount) in enumerate(made):
        gateway, at = f"statement:{ONE_BY_ONE}", clock.now()
        movement = Movement(f"M-{place}", MovementKind.DEPOSIT, amount, at)
        if order is None:
            services.suspend(gateway=gateway, reference="", movement=movement, at=at)
        elif order.attempt is None:
            shares = [Share(order.bills[0].id, amount)]
            services.pay_directly(
                gateway=gateway, channel=Channel.BANK_TRANSFER, movement=movement, shares=shares, at=at
            )
        else:
            services.settle(gateway=gateway, reference=order.attempt.reference, movement=movement, at=at)


def rows(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())


def books(gateway: str, orders: Sequence[Order]) -> dict[str, Any]:
    """Everything that the deposits of a gateway wrote, in words that do not depend on numbers."""
    bills = [bill.id for order in orders for bill in order.bills]
    like = gateway + ":%"
    return {
        "payments": rows(
            "SELECT p.movement_id, p.amount, p.applied, p.excess, p.suspense, p.kind, a.channel, a.status, a.amount, "
            "a.ask_at IS NULL FROM payments_payment p LEFT JOIN payments_attempt a ON a.id = p.attempt_id "
            "WHERE p.gateway = %s ORDER BY p.movement_id",
            gateway,
        ),
        "bills": rows(
            "SELECT array_position(%s::bigint[], p.bill_id), split_part(p.reference, ':', 3), p.paid_on, p.applied, "
            "p.excess, p.remaining, (SELECT array_agg((q.tax_part, q.surcharge_part) ORDER BY q.line_id)::text "
            "FROM billing_billpaymentpart q WHERE q.payment_id = p.id) FROM billing_billpayment p "
            "WHERE p.bill_id = ANY (%s::bigint[]) ORDER BY 1, 2",
            bills,
            bills,
        ),
        "books": rows(
            "SELECT split_part(e.reference, ':', 3), e.kind, e.business_date, l.body_id, l.tax, l.purpose, p.amount "
            "FROM ledger_journalentry e JOIN ledger_posting p ON p.entry_id = e.id "
            "JOIN ledger_ledgeraccount l ON l.id = p.account_id WHERE e.reference LIKE %s ORDER BY 1, 4, 5, 6, 7",
            like,
        ),
        "receipts": rows(
            "SELECT split_part(d.reference, ':', 3) ~ '^M', d.facts ->> 'total', d.facts -> 'channel', "
            "d.facts ->> 'transaction', t.sha256 IS NULL, d.facts -> 'body', d.facts -> 'currency', "
            "jsonb_path_query_array(d.facts, '$.lines[*].item')::text, "
            "jsonb_path_query_array(d.facts, '$.lines[*].amount')::text, "
            "(SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(d.facts) AS k), "
            "(SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(d.facts -> 'lines' -> 0) AS k) "
            "FROM receipts_document d "
            "LEFT JOIN receipts_documenttoken t ON t.document_id = d.id WHERE d.reference LIKE %s ORDER BY 4, 2",
            like,
        ),
        "leaves": rows(
            "SELECT l.kind, split_part(l.reference, ':', 3), l.content -> 'amount', l.content -> 'applied', "
            "l.content -> 'excess', l.content -> 'suspense' FROM core_logleaf l WHERE l.reference LIKE %s ORDER BY 2",
            like,
        ),
        "told": rows(
            "SELECT e.topic, e.payload -> 'amount', count(*) FROM core_event e JOIN payments_payment p "
            "ON p.id = (e.payload ->> 'payment_id')::bigint WHERE p.gateway = %s GROUP BY 1, 2 ORDER BY 1, 2",
            gateway,
        ),
        "trail": rows(
            "SELECT r.action, r.details -> 'applied', r.details -> 'excess', count(*) FROM core_auditrecord r "
            "JOIN payments_payment p ON r.subject = 'payment:' || p.id WHERE p.gateway = %s GROUP BY 1, 2, 3 "
            "ORDER BY 1, 2, 3",
            gateway,
        ),
    }


@pytest.mark.parametrize("seed", range(2))
def test_both_ways_leave_the_same_books(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["payments.services.post_bank_file"], "CHUNK", 7)
    orders, made = deposits(seed, "088")
    take(as_file(made))
    theirs, again = deposits(seed, ONE_BY_ONE)
    one_by_one(again)
    assert Payment.objects.filter(gateway="statement:088").count() == len(made)
    ours, other = books("statement:088", orders), books(f"statement:{ONE_BY_ONE}", theirs)
    for name, found in ours.items():
        assert found == other[name], name


PRELUDE = """
import os, signal, sys
import django
django.setup()
from core import clock
from payments import services
posting = sys.modules["payments.services.post_bank_file"]
posting.CHUNK = 2
def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)
"""
BEFORE_READING = "posting.read_bank_file = lambda **named: die()\n"
AFTER_READING = "posting._post_chunk = die\n"
AFTER_TWO_CHUNKS = """
real, calls = posting._post_chunk, []
def two(*arguments):
    calls.append(1)
    return die() if len(calls) > 2 else real(*arguments)
posting._post_chunk = two
"""
BEFORE_THE_END = "posting._finish = die\n"
RUN = "services.post_bank_file(file_id=int(sys.argv[1]), at=clock.now())\n"


@pytest.mark.parametrize(
    "where",
    [BEFORE_READING, AFTER_READING, AFTER_TWO_CHUNKS, BEFORE_THE_END],
    ids=["before_reading", "after_reading", "between_chunks", "before_the_end"],
)
def test_a_file_whose_process_is_killed_is_gone_on_with(where: str, database_name: str) -> None:
    bills = [a_bill() for _ in range(7)]
    content = notice(*(entry(Told(bill.amount, to=number_of(an_account(bill)), ref=f"K-{bill.id}")) for bill in bills))
    file_id = services.bring_bank_file(content=content, bank_code="088", name="k.xml", at=clock.now())
    child = subprocess.run(
        [sys.executable, "-c", PRELUDE + where + RUN, str(file_id)],
        cwd=CHECKOUT,
        env={**face_environment("worker", database_name), "PYTHONPATH": os.fspath(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert services.post_bank_files(at=clock.now()) == 1
    assert fates(BankFile.objects.get()) == ["settled"] * 7
    assert Payment.objects.count() == 7
    assert services.post_bank_files(at=clock.now()) == 0
