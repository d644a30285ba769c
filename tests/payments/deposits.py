"""Virtual accounts of the city's own pool, and files about them, taken as the worker takes them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from core import clock
from payments import services
from payments.bankfiles.states import FileStatus
from payments.models import Attempt, AttemptItem, BankFile, VirtualAccount
from tests.payments.cast import BillFacts

BANK = "088"


def an_account(
    *bills: BillFacts, number: str = "", issued_at: datetime | None = None, bank: str = BANK, status: str = "waiting"
) -> Attempt:
    """A number that a bank gave for these bills together."""
    at = issued_at or clock.now() - timedelta(hours=1)
    attempt = Attempt.objects.create(
        reference=f"PAY-{secrets.token_hex(8)}",
        channel="virtual_account",
        gateway=f"statement:{bank}",
        amount=sum(bill.amount for bill in bills),
        status=status,
        session_mark=secrets.token_hex(8),
        idempotency_key=secrets.token_hex(8),
        language="ko",
        token_hash=hashlib.sha256(secrets.token_bytes(8)).digest(),
        bank=bank,
        expires_at=at + timedelta(days=7),
        created_at=at,
    )
    for bill in bills:
        AttemptItem.objects.create(
            attempt=attempt, bill_id=bill.id, channel="virtual_account", amount=bill.amount, live=status == "waiting"
        )
    VirtualAccount.objects.create(
        attempt=attempt,
        bank=bank,
        number=number or f"90880{secrets.randbelow(10**9):09d}",
        expires_at=attempt.expires_at,
        issued_at=at,
    )
    return attempt


def number_of(attempt: Attempt) -> str:
    return attempt.virtual_account.number


def take(content: bytes, *, bank: str = BANK, at: datetime | None = None) -> BankFile:
    """Bring a file and let the worker have it."""
    moment = at or clock.now()
    file_id = services.bring_bank_file(content=content, bank_code=bank, name="test.xml", at=moment)
    services.post_bank_file(file_id=file_id, at=moment)
    return BankFile.objects.get(pk=file_id)


def fates(file: BankFile) -> Sequence[str]:
    assert file.status == FileStatus.POSTED, (file.status, file.reason, file.difference)
    return list(file.lines.order_by("pk").values_list("fate", flat=True))
