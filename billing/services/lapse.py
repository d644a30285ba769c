from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from billing.events import BILL_CANCELLED
from billing.models import Bill
from billing.services.life.acts import step
from billing.states import BillStatus
from core import audit, clock, outbox
from ledger.services import Posting, Purpose, post_entry


def lapse_unpaid(*, bill_id: int, at: datetime) -> bool:
    """A bill for a year paid ahead (연납) was not paid in time: it lapses as if it had never been; whether it did.

    Only one on which nothing was paid and nothing changed: what was paid in part is an officer's to cancel, so that it
    goes back. Worker only; done again it does nothing.
    """
    with transaction.atomic():
        bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
        if bill.status != BillStatus.ISSUED or bill.due_on >= clock.local_date(at) or not _untouched(bill_id):
            return False
        step(bill, BillStatus.ISSUED, BillStatus.CANCELLED)
        sides = ((Purpose.REVENUE, 1), (Purpose.RECEIVABLE, -1))
        post_entry(
            kind="levy_cancelled",
            reference=f"lapse:{bill.pk}",
            business_date=clock.local_date(at),
            occurred_at=at,
            postings=[
                Posting(bill.body_id, line.tax_id, purpose, way * line.amount)
                for line in bill.lines.order_by("position")
                for purpose, way in sides
            ],
        )
        audit.record(action="billing.lapsed", subject=f"bill:{bill.pk}", taxpayer_id=bill.taxpayer_id)
        facts = {"taxpayer_id": bill.taxpayer_id, "amount": bill.amount, "excess": 0}
        outbox.publish(BILL_CANCELLED, bill_id=bill.pk, change_id=None, **facts)
        return True


def _untouched(bill_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_is_untouched(%s)", [bill_id])
        return bool(cursor.fetchone()[0])
