"""A proof for `manage.py ledger_check`: what bills say is still to be paid against the receivables in the books."""

from __future__ import annotations

from django.db import connection

from ledger.checks import Difference
from ledger.selectors import trial_balance


def receivables_agree() -> list[Difference]:
    """By district and tax: lines of bills in force, less reductions and the tax paid and kept, are the receivable."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.body_id, l.tax_id, sum(l.amount - coalesce(p.paid, 0) - coalesce(a.less, 0))::bigint "
            "FROM billing_bill b JOIN billing_billline l ON l.bill_id = b.id "
            "LEFT JOIN (SELECT line_id, sum(tax_part) AS paid FROM billing_billpaymentpart GROUP BY line_id) p "
            "ON p.line_id = l.id "
            "LEFT JOIN (SELECT line_id, sum(amount - returned) AS less FROM billing_billadjustment GROUP BY line_id) a "
            "ON a.line_id = l.id WHERE b.status = 'issued' GROUP BY 1, 2"
        )
        bills = {(body, tax): int(amount) for body, tax, amount in cursor.fetchall()}
    books = {(line.body, line.tax): line.balance for line in trial_balance() if line.purpose == "receivable"}
    return [
        Difference(f"receivable {body}/{tax}", books.get((body, tax), 0), bills.get((body, tax), 0))
        for body, tax in sorted(bills.keys() | books.keys())
        if books.get((body, tax), 0) != bills.get((body, tax), 0)
    ]
