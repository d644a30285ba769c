"""Why a reduction was made, as apps above tell it: the day from which interest runs hangs on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from billing.selectors import issued_on
from billing.selectors.back import bill_of_change
from core import audit
from refunds.models import Refund
from refunds.services.figure import compute
from refunds.services.find import look_at_bill
from refunds.services.standing import NOBODY
from refunds.states import UNDECIDED, Cause, Status, Told

GRIEVANCE = "grievance"


def appeal_upheld(*, change_id: int, by: str, final_on: date, at: datetime) -> None:
    """An appeal was upheld and billing carried it out by this change. `by` a complaint (고충민원) it bears no interest;
    else it bears half as much again once it is paid late after it became final (decree article 43 paragraph 2)."""
    cause = Cause.GRIEVANCE if by == GRIEVANCE else None
    days = {"event_on": final_on} if cause else {"final_on": final_on}
    _note(change_id=change_id, told_by=Told.APPEAL, cause=cause, **days, at=at)


def corrected_on_claim(*, change_id: int, at: datetime) -> None:
    """The change was made on a claim for correction (경정청구): a correction, so interest runs from the payment."""
    _note(change_id=change_id, told_by=Told.CLAIM, cause=Cause.AMENDED, at=at)


def corrected_on_request(*, change_id: int, asked_on: date, at: datetime) -> None:
    """The office corrected its mistake because the payer asked for it: where the bill could no longer be contested when
    they did, it is a correction on a complaint (고충민원) and bears no interest (article 62 paragraph 3)."""
    facts: dict[str, Any] = {"told_by": Told.REQUEST, "requested_on": asked_on}
    bill_id = bill_of_change(change_id=change_id)
    issued = issued_on(bill_id=bill_id) if bill_id is not None else None
    if bill_id is not None and issued is not None:
        until = contestable_until(bill_id=bill_id, arrived=issued)
        if until is not None and asked_on > until:
            facts |= {"cause": Cause.GRIEVANCE, "event_on": asked_on}
    _note(change_id=change_id, at=at, **facts)


def contestable_until(*, bill_id: int, arrived: date) -> date | None:
    """The last day on which a bill could be contested whose notice arrived on a day; None: the pack doesn't know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refunds_contestable_until(%s, %s)", [bill_id, arrived])
        ((found,),) = cursor.fetchall()
    return found if isinstance(found, date) else None


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
    told_by: Told | str = "",
    requested_on: date | None = None,
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
        facts = {"cause": str(cause or refund.cause), "event_on": event_on, "final_on": final_on}
        facts |= {"told_by": str(told_by), "requested_on": requested_on}
        # Whoever has looked at it saw something else: officers begin anew.
        Refund.objects.filter(pk=refund.pk).update(status=Status.OPENED, **facts, **NOBODY)
        audit.record(
            action="refund.cause_told",
            subject=f"refund:{refund.pk}",
            taxpayer_id=refund.taxpayer_id,
            details=facts,
        )
        compute(refund_id=refund.pk, at=at)
