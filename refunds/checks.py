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
            WHERE r.approved_by_id IS NOT NULL AND r.status IN ('paying', 'paid', 'returned', 'unknown', 'lapsed'))
"""


def refunds_agree() -> list[Difference]:
    """Set-offs, payments into accounts, donations and approved interest, as refunds and as the ledger have them."""
    return list(_differences())


def _differences() -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(SUMS)
        set_off, ours, sent, donated, interest = map(int, cursor.fetchone())
    pairs = [
        ("refunds set off", -_of("set_off", "clearing"), set_off),
        ("refunds sent to accounts", sent, ours),
        ("refunds donated", -_of("refund_donated", "revenue"), donated),
        ("interest on refunds", _of("refund_approved", "interest") + _of("refund_recalled", "interest"), interest),
    ]
    for name, ledger, ours in pairs:
        if ledger != ours:
            yield Difference(name, ledger, ours)


def _of(kind: str, purpose: str) -> int:
    return books.totals_of_entries(kind=kind).get(purpose, 0)
