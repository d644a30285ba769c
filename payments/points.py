"""What mileage asks about bills and what was paid on them (mileage.ports), from the tables of payments and bills."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from mileage.ports import PaidBill

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
        SELECT p.bill_id, billing_local_date(max(p.approved_at)) AS last_on, jsonb_object_agg(p.channel, p.won) AS ways
        FROM (SELECT q.bill_id, q.channel, sum(q.applied) AS won, max(q.approved_at) AS approved_at
              FROM paid q GROUP BY q.bill_id, q.channel) AS p
        GROUP BY p.bill_id
    )
    SELECT b.id, b.taxpayer_id, CASE WHEN b.status = 'issued' AND s.last_on IS NOT NULL AND NOT EXISTS (
               SELECT FROM billing_owed(ARRAY[b.id], s.last_on) o
               WHERE o.amount > o.tax_paid OR o.surcharge > o.surcharge_paid) THEN s.last_on END,
           billing_due_moved(b.id, b.due_on),
           (SELECT array_agg(DISTINCT n.kind::text) FROM billing_entitlement n
            WHERE n.taxpayer_id = b.taxpayer_id AND n.began_on < date_trunc('month', b.nominal_due_on)::date
              AND (n.ended_on IS NULL OR n.ended_on >= billing_local_date(b.issued_at))),
           coalesce(s.ways, '{}')::text
    FROM billing_bill b LEFT JOIN sums s ON s.bill_id = b.id
    WHERE b.id = ANY (%(bills)s::bigint[]) ORDER BY b.id
"""


def paid_bills(*, bill_ids: Sequence[int]) -> list[PaidBill]:
    """How bills stand, as `mileage.ports.PaidBills` asks. One that was replaced, cancelled or given up is not paid."""
    with connection.cursor() as cursor:
        cursor.execute(PAID, {"bills": list(bill_ids)})
        return [_bill(row) for row in cursor.fetchall()]


def _bill(row: tuple[int, int, Any, Any, list[str] | None, str]) -> PaidBill:
    bill_id, taxpayer_id, paid_on, due_on, kinds, ways = row
    return PaidBill(
        bill_id=bill_id,
        taxpayer_id=taxpayer_id,
        paid_on=paid_on,
        due_on=due_on,
        e_notice="e_notice" in (kinds or ()),
        autopay="autopay" in (kinds or ()) or "automatic_debit" in json.loads(ways),
        by_channel=json.loads(ways),
    )
