"""Rates that rise with the base (누진세율), as a city pack's tables write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from billing.rules.rounding import percent

Bracket = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Progressive:
    """What a base owes, not yet cut: `plus` won, and `percent` of what lies above `over` won."""

    amount: Fraction
    over: int
    plus: int
    percent: str


def bracket_of(brackets: Sequence[Bracket], size: int) -> tuple[Bracket, int]:
    """The bracket a size falls into, and where it begins. The last one has no upper end.

    >>> bracket_of([{"up_to": 300, "percent": "43"}, {"percent": "45"}], 301)
    ({'percent': '45'}, 300)
    """
    begins = 0
    for bracket in brackets:
        if size <= bracket.get("up_to", size):
            return bracket, begins
        begins = bracket["up_to"]
    raise ValueError("the last bracket of a table has no upper end")


def progressive(brackets: Sequence[Bracket], base: int) -> Progressive:
    """
    >>> housing = [{"up_to": 60000000, "plus": 0, "percent": "0.1"}, {"plus": 60000, "percent": "0.15"}]
    >>> progressive(housing, 86000000).amount
    Fraction(99000, 1)
    """
    bracket, over = bracket_of(brackets, base)
    amount = bracket["plus"] + (base - over) * percent(bracket["percent"])
    return Progressive(amount=amount, over=over, plus=bracket["plus"], percent=bracket["percent"])
