from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from billing.models import Bill


@dataclass(frozen=True, kw_only=True)
class Credit:
    """What to credit in the books, in won (positive): receivable for tax, revenue for late payment surcharge."""

    body: str
    tax: str
    purpose: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class AppliedPayment:
    """What a payment did to a bill; `excess` is more than the bill owed and becomes an overpayment."""

    bill_id: int
    taxpayer_id: int
    body: str
    tax: str
    applied: int
    excess: int
    remaining: int
    repeated: bool
    credits: tuple[Credit, ...]


def apply_payment(*, bill_id: int, amount: int, paid_at: datetime, payment_reference: str) -> AppliedPayment:
    """Apply a payment to a bill in the caller's transaction, locking the bill: tax first, then surcharge.

    `paid_at` is when the payer paid (a card: the approval), which decides about lateness. The same reference again
    changes nothing and answers as the first time. A bill that is cancelled or paid takes nothing: all is excess.
    Raises Bill.DoesNotExist. The SQL function of the same name serves callers that do it all in one round trip.
    """
    if not Bill.objects.filter(pk=bill_id).exists():
        raise Bill.DoesNotExist
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT billing_apply_payment(%s::bigint, %s::bigint, %s, %s)",
            [bill_id, amount, paid_at, payment_reference],
        )
        answer = json.loads(cursor.fetchone()[0])
    parts = tuple(Credit(**{**posting, "amount": -posting["amount"]}) for posting in answer.pop("postings"))
    return AppliedPayment(**answer, credits=parts)
