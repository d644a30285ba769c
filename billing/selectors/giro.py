"""What a paper bill and its page say of paying at a bank (지로)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from billing.rules.dated import NoTableForDate
from billing.rules.giro import GiroBand
from billing.selectors.city import dated_tables
from billing.selectors.late import OnDay
from billing.selectors.owed import owed_on

# How long at most an overdue bill's paper may be paid: its surcharge grows by the month.
LONGEST: Final = 31


@dataclass(frozen=True)
class GiroSlip:
    """A band with its parts; banks take exactly its amount, up to the end of its day."""

    band: GiroBand

    @property
    def line(self) -> str:
        return str(self.band)


def giro_slip(*, bill_id: int, epay_number: str, today: OnDay) -> GiroSlip | None:
    """The slip of what a bill owes today; None where nothing is owed or the city takes no giro."""
    amount = today.owed.total
    if not amount or not today.owed.in_force:
        return None
    try:
        number = dated_tables().at("giro", today.on).body["number"]
    except NoTableForDate:
        return None
    until = _last_day(bill_id=bill_id, amount=amount, today=today.on, due_on=today.due_on)
    return GiroSlip(GiroBand(number=number, epay_number=epay_number, amount=amount, until=until))


def _last_day(*, bill_id: int, amount: int, today: date, due_on: date) -> date:
    """The last day, up to the due day or a month ahead, on which the bill still owes the same: it only grows."""
    first, last = today, due_on if due_on >= today else today + timedelta(days=LONGEST)
    while first < last:
        middle = first + timedelta(days=((last - first).days + 1) // 2)
        if owed_on(bill_ids=[bill_id], on=middle)[bill_id].total == amount:
            first = middle
        else:
            last = middle - timedelta(days=1)
    return first
