"""How long collection may be deferred and into which parts a bill may be split; amounts in won."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.standing import Part


@dataclass(frozen=True, kw_only=True)
class Share:
    """What was asked for: so much by that day."""

    due_on: date
    amount: int


@dataclass(frozen=True, kw_only=True)
class LineDue:
    """A tax component of the bill: what of it is paid already, and what is not."""

    id: int
    paid: int
    unpaid: int


def months_after(day: date, months: int) -> date:
    """The same day some months later, or that month's last.

    >>> months_after(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def split(*, shares: Sequence[Share], lines: Sequence[LineDue]) -> dict[int, list[Part]]:
    """The parts of each line, by its id.

    The first shares are filled from the last lines, so that what waits longest is the main tax, which stands first.
    What is paid already belongs to a line's first part. ValueError unless the shares are the unpaid sum.
    """
    if sum(share.amount for share in shares) != sum(line.unpaid for line in lines):
        raise ValueError("the parts don't sum to what is unpaid")
    left = {line.id: line.unpaid for line in lines}
    found: dict[int, list[Part]] = {line.id: [] for line in lines}
    paid = {line.id: line.paid for line in lines}
    for number, share in enumerate(shares, start=1):
        room = share.amount
        for line in reversed(lines):
            taken = min(room, left[line.id])
            if taken:
                found[line.id].append(Part(number=number, due_on=share.due_on, amount=taken + paid.pop(line.id, 0)))
                left[line.id], room = left[line.id] - taken, room - taken
    return {line: parts for line, parts in found.items() if parts}
