from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.events import BILL_CANCELLED
from billing.models import Bill
from billing.states import BILL_TRANSITIONS, BillStatus
from core import audit, clock, outbox
from core.errors import Refusal
from core.states import StaleState, move
from ledger.services import Posting, Purpose, post_entry


class BillHasPayments(Refusal):
    message = _("Money was paid on this bill. Reduce it and pay back instead of cancelling it.")


class BillNotInForce(Refusal):
    message = _("This bill is no longer in force.")


class ReasonNeeded(Refusal):
    message = _("Say why the bill is cancelled.")


def cancel_bill(*, bill_id: int, cancelled_by_id: int, reason: str, at: datetime) -> None:
    """Cancel a bill on which nothing was paid (부과취소) and take its receivable out of the books."""
    if not reason.strip():
        raise ReasonNeeded
    with transaction.atomic():
        bill = Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)
        if bill.payments.filter(applied__gt=0).exists():
            raise BillHasPayments
        try:
            move(Bill, bill_id, transitions=BILL_TRANSITIONS, old=BillStatus.ISSUED, new=BillStatus.CANCELLED)
        except StaleState:
            raise BillNotInForce from None
        post_entry(
            kind="levy_cancelled",
            reference=f"bill:{bill_id}",
            business_date=clock.local_date(at),
            occurred_at=at,
            postings=[
                Posting(bill.body_id, line.tax_id, purpose, sign * line.amount)
                for line in bill.lines.order_by("position")
                for purpose, sign in ((Purpose.RECEIVABLE, -1), (Purpose.REVENUE, 1))
            ],
        )
        outbox.publish(BILL_CANCELLED, bill_id=bill_id)
        audit.record(
            action="billing.bill_cancelled",
            subject=f"bill:{bill_id}",
            actor_id=cancelled_by_id,
            taxpayer_id=bill.taxpayer_id,
            reason=reason,
        )
