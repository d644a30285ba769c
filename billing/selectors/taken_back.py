from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Sum

from billing.models import BillPayment


@dataclass(frozen=True)
class MoneyTakenBack:
    """Of what was paid on a day, won that no longer counts; `at`: when that was written down."""

    paid_on: date
    amount: int
    at: datetime


def money_taken_back(*, bill_id: int) -> list[MoneyTakenBack]:
    """What was taken back of the payments of a bill, in the order in which they were paid."""
    paid = BillPayment.objects.filter(bill_id=bill_id, corrects=None, corrections__isnull=False)
    sums = paid.annotate(
        applied_since=Sum("corrections__applied"),
        excess_since=Sum("corrections__excess"),
        at=Max("corrections__recorded_at"),
    )
    return [
        MoneyTakenBack(row.paid_on, -(row.applied_since + row.excess_since), row.at)
        for row in sums.order_by("paid_at", "id")
        if row.applied_since + row.excess_since < 0
    ]
