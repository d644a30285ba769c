"""Proofs for `manage.py ledger_check`: what the payments say against what the books say."""

from __future__ import annotations

from django.db.models import Sum

from ledger import selectors as books
from ledger.checks import Difference
from payments.models import Payment


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
