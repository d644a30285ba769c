"""Which sums of money of a list are withheld, so that none of them tells, or leads to, what one case came to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from appeals.rules.figures.counts import ALL


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What so many cases (`many`) came to, in won; `first` and `second`: the two largest of them."""

    won: int = 0
    many: int = 0
    first: int = 0
    second: int = 0

    def tells(self, *, least: int, percent: int) -> bool:
        """Whether it is of few cases, or who had the second largest could tell the largest to within `percent`."""
        rest = self.won - self.first - self.second
        return 0 < self.many < least or 100 * rest < percent * self.first


def of(values: Iterable[int]) -> Sum:
    """The sum of these; what came to nothing is no case.

    >>> of([3, 0, 9, 4])
    Sum(won=16, many=3, first=9, second=4)
    """
    largest = [*sorted((one for one in values if one), reverse=True)]
    first, second = (*largest[:2], 0, 0)[:2]
    return Sum(won=sum(largest), many=len(largest), first=first, second=second)


def sums_withheld(rows: Mapping[str, Sum], *, secret: Collection[str], least: int, percent: int) -> frozenset[str]:
    """Rows that are not told; `ALL`: what they come to is not told either. `secret` are withheld whatever they are.

    What is withheld comes, together, to the whole less what is told: that must tell nobody's either, and be of two rows
    at least. Else the smallest that is told is withheld as well.
    """
    whole = _together(rows.values())
    hidden = {row for row, one in rows.items() if row in secret or one.tells(least=least, percent=percent)}
    if whole.tells(least=least, percent=percent) or ALL in secret:
        return frozenset({*hidden, ALL})
    told = sorted((row for row in rows if row not in hidden), key=lambda row: (rows[row].won == 0, rows[row].won, row))
    while hidden and _leads_back([rows[row] for row in hidden], least=least, percent=percent):
        if not told:
            return frozenset({*hidden, ALL})
        hidden.add(told.pop(0))
    return frozenset(hidden)


def _leads_back(hidden: Collection[Sum], *, least: int, percent: int) -> bool:
    rest = _together(hidden)
    return len(hidden) < 2 or rest.won == 0 or rest.tells(least=least, percent=percent)


def _together(rows: Iterable[Sum]) -> Sum:
    rows = list(rows)
    first, second = (*sorted((won for one in rows for won in (one.first, one.second)), reverse=True)[:2], 0, 0)[:2]
    return Sum(won=sum(one.won for one in rows), many=sum(one.many for one in rows), first=first, second=second)
