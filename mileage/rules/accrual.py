"""How many points a bill earns (적립): a pure function of what is known of it and of the city's dated rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mileage.ports import PaidBill


class RuleKind(StrEnum):
    """What a rule rewards. All of them want the bill paid in full, in time, by an electronic way."""

    E_NOTICE = "e_notice"  # the notice came electronically
    IN_TIME = "in_time"
    AMOUNT = "amount"  # by how much was paid electronically
    AUTOPAY = "autopay"  # an extra where payment is automatic


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`tiers`: points from a paid sum on (won, points), rising. `permille` of the sum, at most `most` points.

    `valid_to` is included; None: still running.
    """

    name: str
    kind: RuleKind
    source: str
    valid_from: date
    valid_to: date | None = None
    tiers: tuple[tuple[int, int], ...] = ()
    permille: int = 0
    most: int = 0

    def runs_on(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Earning:
    """Points by one rule."""

    rule: str
    points: int


def earnings(*, bill: PaidBill, rules: Iterable[Rule], electronic: Collection[str]) -> list[Earning]:
    """What a bill earns by the rules that ran on the day on which it was paid; nothing unless that was in time.

    `electronic` names the channels that count. What was paid with points is no such channel, and earns none.

    >>> rule = Rule(name="notice", kind=RuleKind.E_NOTICE, source="…", valid_from=date(2017, 4, 1),
    ...             tiers=((0, 500), (300_000, 1_000)))
    >>> paid = PaidBill(bill_id=1, taxpayer_id=1, paid_on=date(2020, 6, 30), due_on=date(2020, 6, 30), e_notice=True,
    ...                 autopay=False, by_channel={"card": 300_000})
    >>> earnings(bill=paid, rules=[rule], electronic=["card"])
    [Earning(rule='notice', points=1000)]
    """
    won = sum(amount for channel, amount in bill.by_channel.items() if channel in electronic)
    if bill.paid_on is None or not bill.in_time or won <= 0:
        return []
    found = [Earning(rule.name, _points(rule, bill, won)) for rule in rules if rule.runs_on(bill.paid_on)]
    return [earning for earning in found if earning.points > 0]


def _points(rule: Rule, bill: PaidBill, won: int) -> int:
    if rule.kind == RuleKind.AMOUNT:
        return min(won * rule.permille // 1000, rule.most)
    if (rule.kind == RuleKind.E_NOTICE and not bill.e_notice) or (rule.kind == RuleKind.AUTOPAY and not bill.autopay):
        return 0
    return _tier(rule.tiers, sum(bill.by_channel.values()))


def _tier(tiers: Sequence[tuple[int, int]], paid: int) -> int:
    return max((points for start, points in tiers if paid >= start), default=0)
