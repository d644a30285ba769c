"""Which part of a bill may be paid now; in minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class PartRule:
    """The city pack's dated table `part_payment`."""

    overdue: bool
    smallest: int


def parts_of_plan(*, left: Sequence[int], owed: int) -> list[int]:
    """What may be paid of an instalment plan (분할납부) now: its next part, or the next several.

    `left`: what is still to be paid of each part, in their order.

    >>> parts_of_plan(left=[0, 30_000, 30_000], owed=60_000)
    [30000]
    >>> parts_of_plan(left=[10_000, 20_000, 20_000], owed=50_000)
    [10000, 30000]
    """
    return [amount for amount in accumulate(part for part in left if part) if amount < owed]


def may_pay_part(*, amount: int, owed: int, overdue: bool, left: Sequence[int], rule: PartRule) -> bool:
    """Whether less than all may be paid now: parts of a plan, or of an overdue bill what the city allows.

    What comes fills tax before surcharge (Collection Act, article 4).

    >>> rule = PartRule(overdue=True, smallest=1_000)
    >>> may_pay_part(amount=5_000, owed=52_000, overdue=True, left=[], rule=rule)
    True
    >>> may_pay_part(amount=5_000, owed=52_000, overdue=False, left=[], rule=rule)
    False
    >>> may_pay_part(amount=999, owed=52_000, overdue=True, left=[], rule=rule)
    False
    """
    if not 0 < amount < owed:
        return False
    return amount in parts_of_plan(left=left, owed=owed) or (overdue and rule.overdue and amount >= rule.smallest)
