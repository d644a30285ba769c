"""What mileage asks about bills and what was paid on them (mileage.ports), from the tables of payments and bills."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db import connection

from billing import selectors as bills
from mileage.ports import BillName, PaidBill

# What a payment of a bill, or of one that stood in its place before, still pays on it.
PAID: Final = """
    WITH RECURSIVE places (bill_id, stood_as) AS (
        SELECT b.id, b.id FROM billing_bill b WHERE b.id = ANY (%(bills)s::bigint[])
        UNION ALL
        SELECT c.bill_id, r.old_id FROM places c JOIN billing_billreplacement r ON r.new_id = c.stood_as
    ), paid AS (
        SELECT c.bill_id, a.channel, p.approved_at, h.applied
        FROM places c
        JOIN payments_attemptitem i ON i.bill_id = c.stood_as
        JOIN payments_attempt a ON a.id = i.attempt_id
        JOIN payments_payment p ON p.attempt_id = a.id
        CROSS JOIN LATERAL billing_held(i.bill_id, p.gateway || ':' || p.movement_id) AS h
        WHERE h.applied > 0
    ), sums AS (
        SELECT p.bill_id, billing_local_date(max(p.approved_at)) AS last_on,
               jsonb_agg(jsonb_build_array(p.channel, p.applied) ORDER BY p.approved_at DESC, p.channel) AS ways
        FROM paid p GROUP BY p.bill_id
    )
    SELECT b.id, b.taxpayer_id, CASE WHEN b.status = 'issued' AND s.last_on IS NOT NULL AND NOT EXISTS (
               SELECT FROM billing_owed(ARRAY[b.id], s.last_on) o
               WHERE o.amount > o.tax_paid OR o.surcharge > o.surcharge_paid) THEN s.last_on END,
           billing_due_moved(b.id, b.due_on),
           (SELECT array_agg(DISTINCT n.kind::text) FROM billing_entitlement n
            WHERE n.taxpayer_id = b.taxpayer_id AND n.began_on < date_trunc('month', b.nominal_due_on)::date
              AND (n.ended_on IS NULL OR n.ended_on >= billing_local_date(b.issued_at))),
           coalesce(s.ways, '[]')::text,
           (SELECT coalesce(sum(a.returned + a.surcharge_returned), 0)::bigint
            FROM billing_billadjustment a WHERE a.bill_id = b.id)
    FROM billing_bill b LEFT JOIN sums s ON s.bill_id = b.id
    WHERE b.id = ANY (%(bills)s::bigint[]) ORDER BY b.id
"""


def paid_bills(*, bill_ids: Sequence[int]) -> list[PaidBill]:
    """How bills stand, as `mileage.ports.PaidBills` asks. One that was replaced, cancelled or given up is not paid."""
    with connection.cursor() as cursor:
        cursor.execute(PAID, {"bills": list(bill_ids)})
        return [_bill(row) for row in cursor.fetchall()]


def bill_names(*, bill_ids: Collection[int]) -> dict[int, BillName]:
    """How bills are named, as `mileage.ports.BillNames` asks."""
    return {
        one.id: BillName(
            bill_id=one.id, tax_ko=one.tax_ko, tax_en=one.tax_en, period=one.period, epay_number=one.epay_number
        )
        for one in bills.bill_names(bill_ids=bill_ids)
    }


def _bill(row: tuple[int, int, Any, Any, list[str] | None, str, int]) -> PaidBill:
    bill_id, taxpayer_id, paid_on, due_on, kinds, ways, given_back = row
    by_channel = _stayed(json.loads(ways), given_back)
    return PaidBill(
        bill_id=bill_id,
        taxpayer_id=taxpayer_id,
        paid_on=paid_on if by_channel else None,
        due_on=due_on,
        e_notice="e_notice" in (kinds or ()),
        autopay="autopay" in (kinds or ()) or "automatic_debit" in by_channel,
        by_channel=by_channel,
    )


def _stayed(paid: list[tuple[str, int]], given_back: int) -> dict[str, int]:
    """Won by channel, of payments from the last one back, less what reductions gave back: the last goes back first.

    >>> _stayed([("card", 40), ("mileage", 12), ("card", 5)], 45)
    {'mileage': 7, 'card': 5}
    """
    found: dict[str, int] = {}
    for channel, won in paid:
        gone = min(won, given_back)
        given_back -= gone
        if won > gone:
            found[channel] = found.get(channel, 0) + won - gone
    return found
