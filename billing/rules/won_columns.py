"""Sums of many rows at once, exact to the won: numerators over one denominator until they are cut to 10 won.

So the scalar rules keep a fraction. Where a numerator could leave 64 bits, Python's own numbers take the place of
numpy's: slower, and just as exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from billing.rules.assessed_columns import Won
from billing.rules.rounding import percent

Mask = NDArray[np.bool_]
Numbers = NDArray[Any]
ENDLESS: Final = np.iinfo(np.int64).max
SAFE: Final = 2**61
UNIT: Final = 10  # won; article 59 of the Framework Act on Local Taxes


@dataclass(frozen=True, kw_only=True)
class Over:
    """Sums, or shares, as numerators over one denominator."""

    numerators: Numbers
    denominator: int

    def cut(self, *, parts: int = 1) -> Won:
        """One of so many equal parts, cut to 10 won."""
        won: Won = (self.numerators // (self.denominator * parts * UNIT) * UNIT).astype(np.int64)
        return won

    def whole(self) -> Won:
        """In whole won, what lies below dropped."""
        won: Won = (self.numerators // self.denominator).astype(np.int64)
        return won

    def times(self, shares: Over) -> Over:
        """Each sum times its share."""
        return Over(
            numerators=product(self.numerators, shares.numerators), denominator=self.denominator * shares.denominator
        )

    def plus(self, other: Over) -> Over:
        of, own, others = _over_the_same(self, other)
        return Over(numerators=own + others, denominator=of)

    def at_most(self, limits: Over, *, where: Mask) -> Over:
        """Each sum, in these rows no more than its limit."""
        of, own, most = _over_the_same(self, limits)
        return Over(numerators=np.where(where, np.minimum(own, most), own), denominator=of)


def product(numbers: Numbers, by: Numbers | int) -> Numbers:
    """None of them negative."""
    most = by if isinstance(by, int) else int(by.max(initial=0))
    if int(numbers.max(initial=0)) * most > SAFE:
        numbers = numbers.astype(object)
    found: Numbers = numbers * by
    return found


def taken(base: Won, shares: Over) -> Over:
    """Each base at its own rate."""
    return Over(numerators=base, denominator=1).times(shares)


def at_rate(base: Won, rate: str) -> Over:
    """Each base at one percentage."""
    share = percent(rate)
    return Over(numerators=product(base, share.numerator), denominator=share.denominator)


def one_share(rate: str) -> Over:
    """The same percentage in every row."""
    return over_one([percent(rate)])


def over_one(shares: Iterable[Fraction]) -> Over:
    """Fractions over their common denominator."""
    shares = tuple(shares)
    of = lcm(*(share.denominator for share in shares))
    return Over(numerators=np.array([int(share * of) for share in shares], dtype=np.int64), denominator=of)


def percentages(texts: Sequence[str]) -> Over:
    """Percentages of which few differ, as cells write them."""
    different = sorted(set(texts))
    shares, place = over_one(percent(text) for text in different), {text: n for n, text in enumerate(different)}
    return Over(numerators=shares.numerators[[place[text] for text in texts]], denominator=shares.denominator)


def by_size(brackets: Sequence[Mapping[str, Any]], sizes: Won) -> Over:
    """The percentage of the bracket that each size falls into (brackets.bracket_of)."""
    shares = over_one(percent(bracket["percent"]) for bracket in brackets)
    return Over(numerators=shares.numerators[_place(brackets, sizes)], denominator=shares.denominator)


def progressive(brackets: Sequence[Mapping[str, Any]], base: Won) -> Over:
    """What each base owes (brackets.progressive)."""
    place = _place(brackets, base)
    begins = np.array([0, *(bracket["up_to"] for bracket in brackets[:-1])], dtype=np.int64)
    plus = np.array([bracket["plus"] for bracket in brackets], dtype=np.int64)
    above = taken(base - begins[place], by_size(brackets, base))
    return above.plus(Over(numerators=plus[place], denominator=1))


def either(where: Mask, one: Over, other: Over) -> Over:
    """The one sum in these rows, in all others the other."""
    of, ones, others = _over_the_same(one, other)
    return Over(numerators=np.where(where, ones, others), denominator=of)


def whole_numbers(texts: Sequence[str]) -> Won:
    """Cells as numbers, an empty one as 0."""
    return np.fromiter((int(text) if text else 0 for text in texts), dtype=np.int64, count=len(texts))


def _over_the_same(one: Over, other: Over) -> tuple[int, Numbers, Numbers]:
    """Both as numerators over a denominator that they share."""
    of = lcm(one.denominator, other.denominator)
    return of, product(one.numerators, of // one.denominator), product(other.numerators, of // other.denominator)


def _place(brackets: Sequence[Mapping[str, Any]], sizes: Won) -> NDArray[np.int64]:
    """The bracket that each size falls into; its upper end belongs to it."""
    tops = np.array([bracket.get("up_to", ENDLESS) for bracket in brackets], dtype=np.int64)
    return np.searchsorted(tops, sizes, side="left")
