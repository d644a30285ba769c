"""What mileage does when it hears of something; each may be run twice."""

from __future__ import annotations

from core import clock
from core.outbox import Event
from mileage.services.accrue import reckon_bills


def bills_changed(event: Event) -> None:
    """Money came for bills or was taken back, or an officer changed one: their points are reckoned anew."""
    told = event.payload
    named = [*(told.get("bill_ids") or ()), told.get("bill_id"), told.get("new_bill_id")]
    reckon_bills(bill_ids=[bill for bill in named if bill is not None], at=clock.now())
