"""Proofs for `manage.py ledger_check` and `log_check`: what the payments say against the books and the city's log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q, Sum

from core import log
from ledger import selectors as books
from ledger.checks import Difference
from payments.models import Payment, ReversalPart, SuspenseCase
from payments.states import DeskStatus, SuspenseWay

PARTS: Final = ("amount", "applied", "excess", "suspense")
TAKEN: Final = ("amount", "applied", "excess")


def payments_agree() -> list[Difference]:
    """Money that came, overpayments and suspense, each as payments have it and as the ledger has it.

    Compared with the entries of payments only: what is paid out or assigned later moves the balances on.
    """
    return [
        *_agree("payment", "payments", Payment, 1),
        *_agree("payment_reversed", "taken back", ReversalPart, -1),
        *_suspense_closed(),
    ]


def _suspense_closed() -> Iterator[Difference]:
    """What two officers took out of suspense, and where it went."""
    booked = books.totals_of_entries(kind="suspense_closed")
    done = SuspenseCase.objects.filter(status=DeskStatus.DONE)
    parts = {"suspense": Q(), "clearing": Q(way=SuspenseWay.ASSIGN), "refund_payable": Q(way=SuspenseWay.RETURN)}
    for purpose, which in parts.items():
        won = done.filter(which).aggregate(won=Sum("amount"))["won"] or 0
        expected = won if purpose == "suspense" else -won
        if booked.get(purpose, 0) != expected:
            yield Difference(f"out of suspense: {purpose}", booked.get(purpose, 0), expected)


def _agree(kind: str, what: str, rows: type[Payment | ReversalPart], way: int) -> Iterator[Difference]:
    booked = books.totals_of_entries(kind=kind)
    sums = rows.objects.aggregate(clearing=Sum("amount"), overpayment=Sum("excess"), suspense=Sum("suspense"))
    for purpose, sign in (("clearing", way), ("overpayment", -way), ("suspense", -way)):
        if booked.get(purpose, 0) != sign * (sums[purpose] or 0):
            yield Difference(f"{what}: {purpose}", booked.get(purpose, 0), sign * (sums[purpose] or 0))


def payments_as_sealed() -> Iterator[str]:
    """Each payment has the amounts that were sealed when it came, and none stands here without a leaf; so with what was
    taken back."""
    yield from _reversals_as_sealed()
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


def _reversals_as_sealed() -> Iterator[str]:
    count = 0
    for batch in log.leaves(kind="reversal"):
        count += len(batch)
        found = ReversalPart.objects.filter(reversal__in=[leaf.content["reversal"] for leaf in batch])
        rows = {(row.reversal_id, row.payment_id): row for row in found}
        for leaf in batch:
            part = rows.get((leaf.content["reversal"], leaf.content["payment"]))
            if part is None or any(getattr(part, name) != leaf.content[name] for name in TAKEN):
                yield f"taking back {leaf.reference} is not what was sealed"
    if ReversalPart.objects.count() > count:
        yield f"{ReversalPart.objects.count() - count} taking(s) back have no leaf in the log"
