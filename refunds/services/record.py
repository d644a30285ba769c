from __future__ import annotations

from datetime import datetime

from core import audit, outbox
from refunds.events import REFUND_ENDED
from refunds.models import Decision, Refund
from refunds.states import Status

ENDS = (Status.REJECTED, Status.PAID, Status.RETURNED, Status.LAPSED)


def record(refund_id: int, became: Status, *, at: datetime, officer_id: int | None = None, reason: str = "") -> None:
    """Write a step of a refund's course, in the caller's transaction: for its owner, auditors, and whoever listens."""
    refund = Refund.objects.get(pk=refund_id)
    Decision.objects.create(
        refund=refund,
        became=became,
        officer_id=officer_id,
        reason=reason[:300],
        amount=refund.available,
        interest=refund.interest,
        decided_at=at,
    )
    audit.record(
        action=f"refund.{became.value}",
        subject=f"refund:{refund_id}",
        actor_id=officer_id,
        taxpayer_id=refund.taxpayer_id,
        reason=reason,
        details={"amount": refund.available, "interest": refund.interest},
    )
    if became in ENDS:
        outbox.publish(REFUND_ENDED, refund_id=refund_id, taxpayer_id=refund.taxpayer_id, status=became.value)
