"""Business days of an invented week: sales, what the gateway says of them, and what the bank's statement holds."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import clock
from payments import services
from payments.gateways.base import Movement, MovementKind, SettlementLine
from payments.models import Attempt, AttemptItem, BankFile, Difference, Payment
from payments.reconcile.business_day import business_days
from payments.reconcile.compare import Compared, compare_day
from payments.reconcile.fetch import keep_settlements
from tests.payments.bank_messages import Told, entry, statement
from tests.payments.cast import a_bill
from tests.payments.deposits import take

SEOUL = ZoneInfo("Asia/Seoul")
GATEWAY = "sandbox_acquirer"
MONDAY = date(2026, 6, 15)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def on(day: date, hour: int = 11, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SEOUL)


def sale(amount: int = 52_000, *, at: datetime, gateway: str = GATEWAY, body: str = "11110") -> Payment:
    """A bill paid by card at that moment."""
    bill = a_bill(tax=amount * 10 // 13, education=amount - amount * 10 // 13, body=body)
    attempt = Attempt.objects.create(
        reference=f"PAY-{secrets.token_hex(8)}",
        channel="card",
        gateway=gateway,
        amount=bill.amount,
        status="confirming",
        session_mark=secrets.token_hex(8),
        idempotency_key=secrets.token_hex(8),
        language="ko",
        token_hash=hashlib.sha256(secrets.token_bytes(8)).digest(),
        expires_at=at + timedelta(minutes=30),
        created_at=at,
    )
    AttemptItem.objects.create(attempt=attempt, bill_id=bill.id, channel="card", amount=bill.amount, live=True)
    movement = Movement(f"txn_{secrets.token_hex(6)}", MovementKind.APPROVAL, bill.amount, at)
    done = services.settle(gateway=gateway, reference=attempt.reference, movement=movement, at=at)
    return Payment.objects.get(pk=done.payment_id)


def give_back(payment: Payment, *, at: datetime) -> str:
    """The whole of it, by a cancel; the movement's id."""
    movement = Movement(f"txn_{secrets.token_hex(6)}", MovementKind.CANCEL, payment.amount, at, of=payment.movement_id)
    services.reverse(gateway=payment.gateway, movement=movement, of_movement=payment.movement_id, at=at)
    return movement.id


def settled(
    movement_id: str, amount: int, *, sold: date, fee: int = 0, paid_out_on: date | None = None
) -> SettlementLine:
    """A line of the gateway; it pays out two days later, less its fee and a tenth of that."""
    return SettlementLine(
        movement_id=movement_id,
        reference="PAY",
        amount=amount,
        fee=fee,
        fee_tax=fee // 10,
        paid_out=amount - fee - fee // 10,
        sold_on=sold,
        paid_out_on=paid_out_on or sold + timedelta(days=2),
    )


def gateway_tells(*lines: SettlementLine, gateway: str = GATEWAY) -> None:
    keep_settlements(gateway=gateway, lines=lines)


def bank_states(day: date, *told: Told, name: str = "") -> BankFile:
    """The bank's statement of a day, with these lines each by itself."""
    mark = name or secrets.token_hex(4)
    closing = sum(-one.amount if one.out else one.amount for one in told)
    content = statement(*map(entry, told), opening=0, closing=closing, message_id=mark, part_id=f"ST-{day}-{mark}")
    return take(content, at=on(day, 23))


def close(day: date, *, settling: tuple[str, ...] = (GATEWAY,)) -> Compared:
    days = business_days(on=day)
    return compare_day(span=days.span(day), settling=settling, unanswered=(), at=clock.now())


def open_differences(day: date | None = None) -> list[tuple[str, str, int, int]]:
    found = Difference.objects.filter(status="open")
    rows = found.filter(day=day) if day else found
    return sorted(rows.values_list("kind", "subject", "ours", "theirs"))
