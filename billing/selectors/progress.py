from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from billing.models import RollPart


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the issue of a roll is: of `rows` to be billed, `bills` are."""

    rows: int
    bills: int


def issue_progress(*, roll_id: int) -> Progress:
    """All districts together; nothing to be billed before the issue begins."""
    sums = RollPart.objects.filter(roll_id=roll_id).aggregate(rows=Sum("rows"), bills=Sum("bills"))
    return Progress(rows=sums["rows"] or 0, bills=sums["bills"] or 0)
