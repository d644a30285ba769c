"""A bill is corrected on its payer's claim (경정청구): Framework Act on Local Taxes, articles 50 and 58."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from billing.models import Bill
from billing.services.life.acts import lines_now
from billing.services.life.engine import Asked, change_bill
from billing.states import ChangeKind


def correct_on_claim(
    *,
    bill_id: int,
    lines: Mapping[int, int],
    claim_id: int,
    claimed_on: date,
    reason: str,
    asked_by_id: int,
    at: datetime,
) -> Asked:
    """Take won off lines, by line id, because a claim is right; where nothing is left the bill is cancelled.

    Which claim it was stands in the change and goes with its events. Raises what `reduce_bill` and `cancel_bill` do.
    """
    off = {line: won for line, won in lines.items() if won}
    now = {line.id: line.amount for line in lines_now(Bill.objects.get(pk=bill_id)) if line.amount}
    details = {"claim": {"id": claim_id, "on": claimed_on.isoformat()}}
    kind = ChangeKind.CANCEL if off == now else ChangeKind.REDUCE
    if kind == ChangeKind.REDUCE:
        details["lines"] = {str(line): won for line, won in off.items()}
    return change_bill(bill_id=bill_id, kind=kind, details=details, reason=reason, asked_by_id=asked_by_id, at=at)
