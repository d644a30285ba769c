from __future__ import annotations

from datetime import datetime

from django.db import transaction

from billing.selectors import BillDetail, bill_detail
from core import audit


def open_bill(*, bill_id: int, opened_by_id: int, at: datetime) -> BillDetail:
    """One bill for an officer to look at; whose it was is kept in the audit trail. Raises NoSuchBill."""
    with transaction.atomic():
        detail = bill_detail(bill_id=bill_id, at=at)
        audit.record(
            action="billing.bill_opened",
            subject=f"bill:{bill_id}",
            actor_id=opened_by_id,
            taxpayer_id=detail.summary.taxpayer_id,
        )
        return detail
