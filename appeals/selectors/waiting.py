"""What waiting costs: shown before anybody files, since filing does not stay collection (지방세기본법 제99조)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from appeals.rules.clocks import Deadline
from appeals.selectors.clocks import clocks
from billing import selectors as bills
from billing.rules.calendar import CalendarNotKnown
from billing.rules.refund_interest import first_day, refund_interest
from billing.selectors.city import dated_tables
from core import clock


@dataclass(frozen=True, kw_only=True)
class CostOfWaiting:
    """Won: `now` is owed today, `then` on the expected day of the decision; `interest` comes back beside what is paid
    today if the bill is cancelled on that day."""

    now: int
    then: int
    interest: int
    expected: date
    decide: Deadline

    @property
    def grows(self) -> int:
        return self.then - self.now


def cost_of_waiting(*, bill_id: int, at: datetime) -> CostOfWaiting | None:
    """What paying and waiting come to if the petition is filed today; None where nothing is owed, or where the city has
    not published the holidays of that year."""
    today = clock.local_date(at)
    owed = bills.owed_on(bill_ids=[bill_id], on=today).get(bill_id)
    if owed is None or not owed.total:
        return None
    try:
        decide = clocks(at).to_decide(received=today)
    except CalendarNotKnown:
        return None
    then = bills.owed_on(bill_ids=[bill_id], on=decide.last_day)[bill_id]
    first = first_day(cause="cancelled", paid=today, event=None)
    earned = refund_interest(refund=owed.total, first=first, decided=decide.last_day, tables=dated_tables())
    return CostOfWaiting(
        now=owed.total, then=then.total, interest=earned.amount, expected=decide.last_day, decide=decide
    )
