"""A proof for `manage.py ledger_check`: what the books say is on its way is what no bank has shown yet."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import connection

from ledger import selectors as books
from ledger.checks import Difference
from mileage import selectors as mileage

POINTS: Final = ("mileage_spent", "mileage_given_back")
KINDS: Final = (
    "payment",
    "payment_reversed",
    "suspense_closed",
    "set_off",
    "gateway_fee",
    "banked",
    "payout",
    "drawer_difference",
    "transfer",
    "transfer_undone",
    *POINTS,
)
EVER: Final = (date(1900, 1, 1), date(9000, 1, 1))
SUMS: Final = """
    SELECT (SELECT coalesce(sum(p.amount), 0) FROM payments_payment p WHERE p.gateway <> ALL ('{suspense,set_off}'))
           - (SELECT coalesce(sum(r.amount), 0) FROM payments_reversalpart r),
           (SELECT coalesce(sum(l.fee + l.fee_tax), 0) FROM payments_settlementline l
            JOIN ledger_journalentry e ON e.kind = 'gateway_fee' AND e.reference = l.gateway || ':' || l.movement_id),
           (SELECT coalesce(sum(s.amount), 0) FROM payments_statement_lines(%s, %s) s
            JOIN ledger_journalentry e
              ON e.kind = 'banked' AND e.reference = s.file_id || '/' || s.account || '/' || s.booked_on),
           (SELECT coalesce(sum(o.amount), 0) FROM payments_payout o WHERE o.amount > 0),
           (SELECT coalesce(sum(d.difference), 0) FROM payments_drawer d),
           (SELECT coalesce(sum(t.amount), 0) FROM payments_transfer t
            WHERE t.status NOT IN ('rejected', 'returned', 'withdrawn'))
"""


def money_in_transit() -> list[Difference]:
    """Fees, the banks' movements, what gateways paid out and what we sent, as their tables have them and as the ledger
    has them; and clearing is what came, less all of these, what points paid and what drawers were counted off by:
    money between payer and bank, or between us and the bank."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, EVER)
        came, fees, banked, bound, counted, sent = map(int, cursor.fetchone())
    by_points = mileage.spent_on_bills()
    totals = {kind: books.totals_of_entries(kind=kind) for kind in KINDS}
    pairs = [
        ("fees of gateways", totals["gateway_fee"].get("fee", 0), fees),
        ("statements of banks", totals["banked"].get("treasury", 0), banked),
        ("paid out by gateways", totals["payout"].get("suspense", 0), bound),
        ("counts of drawers", totals["drawer_difference"].get("clearing", 0), counted),
        ("sent", -sum(totals[kind].get("clearing", 0) for kind in ("transfer", "transfer_undone")), sent),
        ("paid with points", -sum(totals[kind].get("clearing", 0) for kind in POINTS), by_points),
        (
            "in transit",
            sum(sums.get("clearing", 0) for sums in totals.values()),
            came - fees - banked - bound + counted - sent - by_points,
        ),
    ]
    return [Difference(name, ledger, elsewhere) for name, ledger, elsewhere in pairs if ledger != elsewhere]
