from __future__ import annotations

import json
from datetime import date, datetime

from django.db import connection

from billing.models import Entitlement, EntitlementKind
from billing.rules.dated import DatedTables, NoTableForDate
from core import clock


def record_entitlement(*, taxpayer_id: int, kind: str, began_on: date, ended_on: date | None = None) -> None:
    """Keep from when (and until when) somebody takes notices electronically or pays automatically; repeatable.

    `kind` is "e_notice" (전자송달) or "autopay" (자동납부); ValueError for another.
    """
    Entitlement.objects.update_or_create(
        taxpayer_id=taxpayer_id, kind=EntitlementKind(kind).value, began_on=began_on, defaults={"ended_on": ended_on}
    )


def give_credits(*, bill_ids: list[int], tables: DatedTables, at: datetime) -> None:
    """Note which of these new regular bills are lower when paid in time (세액공제), in one statement.

    The entitlement began by the end of the month before the one in which the bill is nominally due and still holds.
    The credit is taken from the main tax; taxes that follow from it were computed before it.
    """
    today = clock.local_date(at)
    try:
        table = tables.at("notice_credit", today)
    except NoTableForDate:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_billcredit (bill_id, line_id, amount, kinds, article) "
            "SELECT e.bill_id, l.id, least(l.amount, (%s::jsonb ->> CASE WHEN cardinality(e.kinds) > 1 "
            "  THEN 'both' ELSE 'one' END)::bigint), to_jsonb(e.kinds), %s "
            "FROM (SELECT b.id AS bill_id, array_agg(DISTINCT n.kind ORDER BY n.kind) AS kinds "
            "  FROM billing_bill b JOIN billing_entitlement n ON n.taxpayer_id = b.taxpayer_id "
            "  WHERE b.id = ANY (%s::bigint[]) AND n.began_on < date_trunc('month', b.nominal_due_on)::date "
            "  AND (n.ended_on IS NULL OR n.ended_on >= %s) GROUP BY b.id) AS e "
            "JOIN billing_billline l ON l.bill_id = e.bill_id AND l.position = 1",
            [json.dumps(dict(table.body)), table.article, bill_ids, today],
        )
