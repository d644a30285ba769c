"""Which bill gets how much of money that came. The order is the attempt's own; what a bill does not owe is excess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """Minor units for one bill."""

    bill_id: int
    amount: int


def allocate(*, items: Sequence[Share], already: int, amount: int) -> list[Share]:
    """Divide `amount` over the items of an attempt, in their order, after `already` came before.

    What is more than all items ask goes to the last one, where it becomes an overpayment unless the bill owes more.

    >>> bills = [Share(1, 100), Share(2, 50)]
    >>> allocate(items=bills, already=0, amount=150)
    [Share(bill_id=1, amount=100), Share(bill_id=2, amount=50)]
    >>> allocate(items=bills, already=30, amount=80)
    [Share(bill_id=1, amount=70), Share(bill_id=2, amount=10)]
    >>> allocate(items=bills, already=150, amount=5)
    [Share(bill_id=2, amount=5)]
    """
    if amount <= 0 or already < 0:
        raise ValueError("money that came is more than zero")
    shares: list[Share] = []
    passed, left = already, amount
    for item in items:
        open_part = max(item.amount - passed, 0)
        passed = max(passed - item.amount, 0)
        part = min(open_part, left)
        left -= part
        if part:
            shares.append(Share(item.bill_id, part))
    if left and items:
        last = items[-1].bill_id
        kept = [share for share in shares if share.bill_id != last]
        shares = [*kept, Share(last, sum(share.amount for share in shares if share.bill_id == last) + left)]
    return shares
