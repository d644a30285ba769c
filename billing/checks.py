"""Proofs for `manage.py ledger_check`: what bills say is to be paid, and what they gave back, against the books."""

from __future__ import annotations

from typing import Final

from django.db import connection

from ledger.checks import Difference
from ledger.selectors import totals_of_entries, trial_balance

# Entries by which bills give back what was paid on them, or take that back.
GIVING_BACK: Final = ("levy_reduced", "levy_cancelled", "late_payment_returned", "giving_back_undone")


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


def given_back_agrees() -> list[Difference]:
    """What changes and moved due dates gave back was credited to refunds payable; of replaced bills the last counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(a.returned + a.surcharge_returned), 0)::bigint FROM billing_billadjustment a "
            "WHERE NOT EXISTS (SELECT FROM billing_billreplacement r WHERE r.old_id = a.bill_id)"
        )
        ((bills,),) = cursor.fetchall()
    books = -sum(totals_of_entries(kind=kind).get("refund_payable", 0) for kind in GIVING_BACK)
    return [] if books == bills else [Difference("given back by bills", books, int(bills))]
