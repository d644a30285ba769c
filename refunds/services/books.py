"""The books of refunds: what is to be paid back, the interest on it, and what leaves. In the caller's transaction.

| What happens | Debit | Credit |
|---|---|---|
| approved, an overpayment | overpayment | refund payable |
| its interest | interest | refund payable |
| set off against a bill | refund payable | clearing (from which the bill is paid) |
| sent to an account, by payments | refund payable | clearing |
| rejected or returned by the bank, by payments | clearing | refund payable |
| given to the city | refund payable | revenue |
| taken back before it left | refund payable | overpayment, interest |
| claimed back, and kept from another refund | where that one stands | overpayment or refund payable |
| claimed back, and sent back by the bank | refund payable | overpayment |
| claimed back, and written off | revenue | overpayment or refund payable |

What a gateway gives back goes by a cancellation, which debits the overpayment itself (`payments/sql/reverse.sql`).
"""

from __future__ import annotations

from datetime import datetime

from core import clock
from ledger.services import Posting, Purpose, post_entry
from refunds.models import Donation, Leg, Refund, SetOff
from refunds.states import Origin


def approve(refund: Refund, *, principal: int, interest: int, at: datetime) -> None:
    """`principal`: won of the refund that leave otherwise than by a cancellation."""
    moved = principal if refund.origin == Origin.OVERPAYMENT else 0
    _post(
        "refund_approved",
        refund.reference,
        refund,
        [(Purpose.OVERPAYMENT, moved), (Purpose.INTEREST, interest), (Purpose.REFUND_PAYABLE, -moved - interest)],
        at,
    )


def set_off(refund: Refund, taken: SetOff, *, at: datetime) -> None:
    amount = taken.principal + taken.interest
    _post("set_off", f"{refund.reference}/{taken.payment_id}", refund, _out(amount), at)


def donated(refund: Refund, gift: Donation, *, at: datetime) -> None:
    amount = gift.principal + gift.interest
    sides = [(Purpose.REFUND_PAYABLE, amount), (Purpose.REVENUE, -amount)]
    _post("refund_donated", refund.reference, refund, sides, at)


def not_by_gateway(refund: Refund, leg: Leg, *, at: datetime) -> None:
    """What its gateway did not give back is paid otherwise, so it leaves the overpayments."""
    if refund.origin == Origin.OVERPAYMENT:
        sides = [(Purpose.OVERPAYMENT, leg.principal), (Purpose.REFUND_PAYABLE, -leg.principal)]
        _post("refund_not_by_gateway", f"{refund.reference}/{leg.pk}", refund, sides, at)


def recall(refund: Refund, amount: int, interest: int, *, mark: int, at: datetime) -> None:
    """What was approved and has not left is no longer owed; a reduction's refund payable went with its payment.

    `mark` tells one recall of a refund from another.
    """
    moved = amount if refund.origin == Origin.OVERPAYMENT else 0
    sides = [(Purpose.REFUND_PAYABLE, moved + interest), (Purpose.OVERPAYMENT, -moved), (Purpose.INTEREST, -interest)]
    _post("refund_recalled", f"{refund.reference}/{mark}", refund, sides, at)


def sent_back(refund: Refund, leg: Leg, amount: int, *, at: datetime) -> None:
    """The bank sent back what was claimed back; the claim is the debit where the refund's money stood."""
    if refund.origin == Origin.OVERPAYMENT:
        sides = [(Purpose.REFUND_PAYABLE, amount), (Purpose.OVERPAYMENT, -amount)]
        _post("refund_recovered", f"{refund.reference}/leg:{leg.pk}", refund, sides, at)


def _out(amount: int) -> list[tuple[Purpose, int]]:
    return [(Purpose.REFUND_PAYABLE, amount), (Purpose.CLEARING, -amount)]


def _post(kind: str, reference: str, refund: Refund, sides: list[tuple[Purpose, int]], at: datetime) -> None:
    postings = [Posting(refund.body_id, refund.tax, purpose, won) for purpose, won in sides if won]
    if postings:
        post_entry(
            kind=kind, reference=reference, business_date=clock.local_date(at), occurred_at=at, postings=postings
        )
