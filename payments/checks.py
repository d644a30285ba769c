"""Proofs for `manage.py ledger_check` and `log_check`: what the payments say against the books and the city's log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Sum

from core import log
from ledger import selectors as books
from ledger.checks import Difference
from payments.models import Payment

PARTS: Final = ("amount", "applied", "excess", "suspense")


def payments_agree() -> list[Difference]:
    """Money that came, overpayments and suspense, each as payments have it and as the ledger has it.

    Compared with the entries of payments only: what is paid out or assigned later moves the balances on.
    """
    booked = books.totals_of_entries(kind="payment")
    sums = Payment.objects.aggregate(clearing=Sum("amount"), overpayment=Sum("excess"), suspense=Sum("suspense"))
    signs = {"clearing": 1, "overpayment": -1, "suspense": -1}
    return [
        Difference(f"payments: {purpose}", booked.get(purpose, 0), sign * (sums[purpose] or 0))
        for purpose, sign in signs.items()
        if booked.get(purpose, 0) != sign * (sums[purpose] or 0)
    ]


def payments_as_sealed() -> Iterator[str]:
    """Each payment has the amounts that were sealed when it came, and none stands here without a leaf."""
    count = 0
    for batch in log.leaves(kind="payment"):
        count += len(batch)
        rows = Payment.objects.in_bulk([leaf.content["payment"] for leaf in batch])
        for leaf in batch:
            payment = rows.get(leaf.content["payment"])
            if payment is None:
                yield f"payment {leaf.reference} is gone"
            elif any(getattr(payment, part) != leaf.content.get(part, 0) for part in PARTS):
                yield f"payment {leaf.reference} is not what was sealed"
    if Payment.objects.count() > count:
        yield f"{Payment.objects.count() - count} payment(s) have no leaf in the log"
