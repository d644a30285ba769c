"""Who pays well for years, for the selection of model taxpayers (mileage.ports.GoodPayers)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection

from core import clock

# Taxes of those who had enough bills in each of the last years; each bill in time or not.
GOOD: Final = """
    WITH due AS (
        SELECT b.id, b.taxpayer_id, extract(year FROM b.due_on)::integer AS year,
               billing_due_moved(b.id, b.due_on) AS until
        FROM billing_bill b JOIN billing_taxtype t ON t.code = b.tax_id AND t.kind = 'tax'
        WHERE b.status IN ('issued', 'written_off', 'prescribed')
          AND b.due_on >= make_date(%(year)s - %(clean_years)s, 1, 1) AND b.due_on < make_date(%(year)s, 1, 1)
    ), many AS (
        SELECT x.taxpayer_id FROM (
            SELECT d.taxpayer_id, d.year FROM due d WHERE d.year >= %(year)s - %(years)s
            GROUP BY d.taxpayer_id, d.year HAVING count(*) >= %(each_year)s
        ) AS x GROUP BY x.taxpayer_id HAVING count(*) = %(years)s
    )
    SELECT m.taxpayer_id FROM many m
    WHERE NOT EXISTS (
        SELECT FROM due d WHERE d.taxpayer_id = m.taxpayer_id AND (
            d.until < %(today)s
            AND EXISTS (SELECT FROM billing_owed(ARRAY[d.id], d.until) o WHERE o.amount > o.tax_paid)
            OR EXISTS (SELECT FROM billing_billpayment p WHERE p.bill_id = d.id AND p.paid_on > d.until
                       GROUP BY coalesce(p.corrects_id, p.id) HAVING sum(p.applied) > 0)))
    ORDER BY m.taxpayer_id
"""


def good_payers(*, rule: Mapping[str, Any], year: int) -> list[int]:
    """Taxpayers who, counted on 1 January of `year`, had `each_year` taxes or more in each of the last `years` years,
    and paid all that was due within the last `clean_years` in full and in time. What was due then and may be paid until
    a day that is still to come, since its collection is deferred, is not late.
    """
    values = {name: int(rule[name]) for name in ("years", "each_year", "clean_years")}
    with connection.cursor() as cursor:
        cursor.execute(GOOD, {**values, "year": year, "today": clock.local_date(clock.now())})
        return [row[0] for row in cursor.fetchall()]
