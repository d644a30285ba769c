"""Why a reduction was made, as apps above tell it: the day from which interest runs hangs on it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from billing.selectors.back import bill_of_change
from core import audit
from refunds.models import Refund
from refunds.services.figure import compute
from refunds.services.find import look_at_bill
from refunds.services.standing import NOBODY
from refunds.states import UNDECIDED, Cause, Status

GRIEVANCE = "grievance"


def appeal_upheld(*, change_id: int, by: str, final_on: date, at: datetime) -> None:
    """An appeal was upheld and billing carried it out by this change. `by` a complaint (고충민원) it bears no interest;
    else it bears half as much again once it is paid late after it became final (decree article 43 paragraph 2)."""
    cause = Cause.GRIEVANCE if by == GRIEVANCE else None
    _note(change_id=change_id, cause=cause, final_on=None if cause else final_on, at=at)


def corrected_on_claim(*, change_id: int, at: datetime) -> None:
    """The change was made on a claim for correction (경정청구): a correction, so interest runs from the payment."""
    _note(change_id=change_id, cause=Cause.AMENDED, at=at)


def day_named(*, change_id: int, cause: Cause, event_on: date, at: datetime) -> None:
    """The change was made for this cause, and interest hangs on this day."""
    _note(change_id=change_id, cause=cause, event_on=event_on, at=at)


def _note(
    *,
    change_id: int,
    at: datetime,
    cause: Cause | None = None,
    event_on: date | None = None,
    final_on: date | None = None,
) -> None:
    bill_id = bill_of_change(change_id=change_id)
    if bill_id is None:
        return
    look_at_bill(bill_id=bill_id, at=at)  # it may not have been found yet
    with transaction.atomic():
        mine = Q(source=f"change:{change_id}") | Q(source__startswith=f"change:{change_id}/")
        refund = Refund.objects.select_for_update().filter(mine, status__in=UNDECIDED).order_by("pk").last()
        if refund is None:
            return
        facts = {"cause": cause or refund.cause, "event_on": event_on, "final_on": final_on}
        # Whoever has looked at it saw something else: officers begin anew.
        Refund.objects.filter(pk=refund.pk).update(status=Status.OPENED, **facts, **NOBODY)
        audit.record(
            action="refund.cause_told",
            subject=f"refund:{refund.pk}",
            taxpayer_id=refund.taxpayer_id,
            details={**facts, "cause": str(facts["cause"])},
        )
        compute(refund_id=refund.pk, at=at)
