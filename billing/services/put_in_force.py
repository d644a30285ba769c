from __future__ import annotations

from datetime import datetime

from billing.events import BILL_ISSUED
from billing.models import Bill
from billing.services.life.extensions import extend_new_bills
from core import clock, outbox
from ledger.services import Posting, Purpose, post_entry


def put_in_force(*, bill: Bill, at: datetime) -> None:
    """One bill with its lines goes out: its receivable is posted, its due date moved by an act that names it, and an
    event tells of it. In the caller's transaction, which has made it `issued`.
    """
    sides = ((Purpose.RECEIVABLE, 1), (Purpose.REVENUE, -1))
    post_entry(
        kind="levy",
        reference=f"bill:{bill.pk}",
        business_date=clock.local_date(at),
        occurred_at=at,
        postings=[
            Posting(bill.body_id, line.tax_id, purpose, sign * line.amount)
            for line in bill.lines.order_by("position")
            for purpose, sign in sides
        ],
    )
    extend_new_bills(bill_ids=[bill.pk])
    outbox.publish(BILL_ISSUED, bill_ids=[bill.pk])
