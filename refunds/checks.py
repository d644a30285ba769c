"""Proofs for `manage.py ledger_check`: what refunds say left, and by which way, against the books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import connection

from ledger import selectors as books
from ledger.checks import Difference

SUMS: Final = """
    SELECT (SELECT coalesce(sum(s.principal + s.interest), 0) FROM refunds_setoff s),
           (SELECT coalesce(sum(g.principal + g.interest), 0) FROM refunds_leg g WHERE g.transfer <> ''),
           (SELECT coalesce(sum(t.amount), 0) FROM refunds_leg g
            JOIN payments_transfer t ON t.purpose = 'refund' AND t.key = 'leg:' || g.id),
           (SELECT coalesce(sum(d.principal + d.interest), 0) FROM refunds_donation d),
           (SELECT coalesce(sum(r.interest), 0) FROM refunds_refund r
            WHERE r.approved_by_id IS NOT NULL AND r.status IN ('paying', 'paid', 'returned', 'unknown', 'lapsed')),
           (SELECT coalesce(sum(r.amount - r.lost
                    + (SELECT coalesce(sum(l.claimed_back), 0) FROM refunds_loss l WHERE l.refund_id = r.id)
                    - (SELECT coalesce(sum(g.principal), 0) FROM refunds_leg g WHERE g.refund_id = r.id AND g.by_gateway
                       AND g.status IN ('waiting', 'ready', 'sent', 'unknown', 'paid'))), 0)
            FROM refunds_refund r WHERE r.origin = 'overpayment' AND r.approved_by_id IS NOT NULL
              AND r.status IN ('paying', 'paid', 'returned', 'unknown', 'lapsed'))
"""
# How claims back ended, by where the money of the claim stood and where it came from.
ENDED: Final = """
    SELECT side.purpose, sum(side.amount)::bigint
    FROM refunds_recovery c JOIN refunds_refund r ON r.id = c.refund_id LEFT JOIN refunds_refund k ON k.id = c.source_id
    CROSS JOIN LATERAL (VALUES
        (CASE c.way WHEN 'kept' THEN k.origin WHEN 'written_off' THEN 'revenue' ELSE 'refund_payable' END, c.amount),
        (r.origin, -c.amount)
    ) AS side (purpose, amount)
    WHERE c.status = 'done' GROUP BY 1
"""


def refunds_agree() -> list[Difference]:
    """What refunds moved, each kind of entry as refunds and as the ledger have it.

    Set-offs, payments into accounts, donations, approved interest, what left the overpayments, and ended claims back.
    """
    return [*_differences(), *_ended()]


def _differences() -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(SUMS)
        set_off, ours, sent, donated, interest, moved = map(int, cursor.fetchone())
    out_of = sum(_of(kind, "overpayment") for kind in ("refund_approved", "refund_not_by_gateway", "refund_recalled"))
    pairs = [
        ("refunds set off", -_of("set_off", "clearing"), set_off),
        ("refunds sent to accounts", sent, ours),
        ("refunds donated", -_of("refund_donated", "revenue"), donated),
        ("interest on refunds", _of("refund_approved", "interest") + _of("refund_recalled", "interest"), interest),
        ("refunds out of overpayments", out_of, moved),
    ]
    for name, ledger, ours in pairs:
        if ledger != ours:
            yield Difference(name, ledger, ours)


def _ended() -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(ENDED)
        ours = {purpose: int(amount) for purpose, amount in cursor.fetchall()}
    ledger = books.totals_of_entries(kind="refund_recovered")
    for purpose in sorted(ours.keys() | ledger.keys()):
        if ours.get(purpose, 0) != ledger.get(purpose, 0):
            yield Difference(f"claims back that ended: {purpose}", ledger.get(purpose, 0), ours.get(purpose, 0))


def _of(kind: str, purpose: str) -> int:
    return books.totals_of_entries(kind=kind).get(purpose, 0)
