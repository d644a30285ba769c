"""Points for bills: what a bill earns follows from how it stands; it is reckoned anew when that may have changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from core import clock
from mileage.functions import call
from mileage.models import EarnedBill
from mileage.ports import PaidBill, paid_bills
from mileage.rules.accrual import Earning, earnings
from mileage.rules.pack import pack

log = structlog.get_logger(__name__)


def reckon_bills(*, bill_ids: Sequence[int], at: datetime) -> int:
    """Credit what the bills earn, or take back what they no longer do; how many points came (below zero: went).

    Whatever events say, in whatever order and how often: the points follow from how the bills stand, and the difference
    to what they earned before is posted. Bills that stand as before are left alone.
    """
    with transaction.atomic():
        EarnedBill.objects.bulk_create([EarnedBill(bill=bill) for bill in set(bill_ids)], ignore_conflicts=True)
        rows = EarnedBill.objects.select_for_update().filter(bill__in=set(bill_ids)).order_by("bill")
        locked = {row.bill: row for row in rows}
        # Read after the rows are locked: whoever comes second sees what the first one saw, or more.
        told = sorted(paid_bills()(bill_ids=sorted(locked)), key=lambda bill: (bill.taxpayer_id, bill.bill_id))
        return sum(_reckon(locked[bill.bill_id], bill, at) for bill in told)


def _reckon(row: EarnedBill, bill: PaidBill, at: datetime) -> int:
    facts = _facts(bill)
    if row.facts == facts:
        return 0
    city = pack()
    earned = earnings(bill=bill, rules=city.rules, electronic=city.electronic)
    points = sum(one.points for one in earned)
    change = points - row.points
    row.turns += 1
    if change > 0:
        _credit(row, bill, change, earned, at)
    elif change < 0:
        why = json.dumps({"bill": bill.bill_id})
        source = f"bill:{bill.bill_id}"
        call("mileage_take_back", row.holder_id, source, f"{source}/{row.turns}", -change, why, at)
    _keep(row, bill, points, facts, at)
    if change:
        log.info("mileage.reckoned", bill=bill.bill_id, change=change)
    return change


def _credit(row: EarnedBill, bill: PaidBill, points: int, earned: Sequence[Earning], at: datetime) -> None:
    earned_on = bill.paid_on or clock.local_date(at)
    source = f"bill:{bill.bill_id}"
    why = json.dumps({"bill": bill.bill_id, "rules": [asdict(one) for one in earned]})
    until = pack().last_day(earned_on)
    reference = f"{source}/{row.turns}"
    call("mileage_credit", bill.taxpayer_id, source, reference, points, earned_on, until, why, at)


def _keep(row: EarnedBill, bill: PaidBill, points: int, facts: dict[str, Any], at: datetime) -> None:
    """A bill counts for its payer's grade if it was paid well, also while no rule credits anything for it."""
    city = pack()
    counts = bill.in_time and any(won > 0 for channel, won in bill.by_channel.items() if channel in city.electronic)
    if points or counts:
        call("mileage_hold", bill.taxpayer_id)
        row.holder_id = bill.taxpayer_id
    row.points, row.facts, row.counts, row.reckoned_at = points, facts, counts, at
    row.paid_on = bill.paid_on
    row.save()


def _facts(bill: PaidBill) -> dict[str, Any]:
    facts = asdict(bill)
    facts["by_channel"] = dict(sorted(bill.by_channel.items()))
    found: dict[str, Any] = json.loads(json.dumps(facts, default=str))
    return found
