"""A car was sold or scrapped after its bill went out: the bill asks for the days until then.

Local Tax Act, articles 129 and 130 (일할계산).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.models import Bill
from billing.rules.automobile_left import DiscountNotSourced, NoHalfOfACar, NotWithinTheHalf, left_within
from billing.selectors.city import dated_tables
from billing.services.life.engine import Asked, change_bill
from billing.states import ChangeKind
from core import clock
from core.errors import Refusal

AUTOMOBILE_TAX: Final = "automobile"


class NotACarsBill(Refusal):
    message = _("Only a bill of automobile tax on ownership is for a car that was sold or scrapped.")


class NotLeftThen(Refusal):
    message = _("The day has to lie in the half that is billed, after the car was got, not ahead.")


class EnterTheSums(Refusal):
    message = _(
        "This bill has the discount for a year paid early, and no article that was read says what of it stays. Enter "
        "by how much each tax is reduced."
    )


def vehicle_left(
    *,
    bill_id: int,
    occasion: str,
    on: date,
    lines: Mapping[int, int],
    reason: str,
    asked_by_id: int,
    at: datetime,
) -> Asked:
    """Reduce a bill to the days on which its payer held the car; what was paid beyond it goes back.

    `occasion` is "transfer" or "scrapping", `on` the day on which it was entered in the register. `lines`: won by line,
    for a bill with the discount of a year paid early only. Raises NotACarsBill, NotLeftThen, EnterTheSums, and what
    `reduce_bill` does.
    """
    bill = Bill.objects.get(pk=bill_id)
    if bill.tax_id != AUTOMOBILE_TAX:
        raise NotACarsBill
    if on > clock.local_date(at):
        raise NotLeftThen
    off = _computed(bill, occasion=occasion, on=on)
    if off is None:
        off = {line: won for line, won in lines.items() if won}
        if not off:
            raise EnterTheSums
    details = {
        "lines": {str(line): won for line, won in off.items()},
        "left": {"occasion": occasion, "on": on.isoformat()},
    }
    return change_bill(
        bill_id=bill_id, kind=ChangeKind.REDUCE, details=details, reason=reason, asked_by_id=asked_by_id, at=at
    )


def _computed(bill: Bill, *, occasion: str, on: date) -> dict[int, int] | None:
    """By how much each line is reduced, in won; None where the rule for it was not read."""
    try:
        left = left_within(bill.facts, occasion=occasion, on=on, tables=dated_tables())
    except NotWithinTheHalf:
        raise NotLeftThen from None
    except (DiscountNotSourced, NoHalfOfACar):
        return None
    stays = {line.tax: line.amount for line in left.lines}
    return {line.pk: line.amount - stays.get(line.tax_id, 0) for line in bill.lines.order_by("position")}
