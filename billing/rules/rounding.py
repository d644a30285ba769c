"""The one way this house drops the small end of a sum of won."""

from __future__ import annotations

from fractions import Fraction


def cut(amount: Fraction | int, *, unit: int = 10) -> int:
    """Drop what lies below `unit` won (단수 계산, Framework Act on Local Taxes article 59). Refuses a negative amount.

    >>> cut(Fraction(35946, 1)), cut(Fraction(3007, 2)), cut(9)
    (35940, 1500, 0)
    """
    if amount < 0:
        raise ValueError("only sums of zero and more are cut")
    return int(amount // unit) * unit


def percent(text: str) -> Fraction:
    """A percentage as tables write it, exactly: "0.66" is 33/5000.

    >>> percent("0.66")
    Fraction(33, 5000)
    """
    return Fraction(text) / 100
