"""What filing does when it hears of something; each may be run twice."""

from __future__ import annotations

from core import clock
from core.outbox import Event
from filing import services


def filed(event: Event) -> None:
    """`filing.filed.v1`: somebody filed a return."""
    services.bill_return(return_id=event.payload["return_id"], at=clock.now())


def bill_cancelled(event: Event) -> None:
    """`billing.cancelled.v1`."""
    services.bill_cancelled(bill_id=event.payload["bill_id"])


def bill_replaced(event: Event) -> None:
    """`billing.reissued.v1`."""
    services.bill_replaced(bill_id=event.payload["bill_id"], new_bill_id=event.payload["new_bill_id"])
