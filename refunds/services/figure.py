"""What a refund comes to if it is decided today: computed by the worker, and again before money moves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from billing import selectors as bills
from billing.rules.refund_interest import EventDayMissing
from billing.selectors.city import dated_tables
from core import clock
from refunds import explain
from refunds.models import Refund
from refunds.rules.figures import Demand, Figures, Paid, Why, arose, figures, last_paid_first
from refunds.states import UNDECIDED, Cause, Way

LEFT: Final = ("principal_left", "interest_left")


def compute(*, refund_id: int, at: datetime) -> None:
    """Write the figures of an undecided refund for today. Worker only; safe to repeat."""
    with transaction.atomic():
        refund = Refund.objects.select_for_update().filter(pk=refund_id, status__in=UNDECIDED).first()
        if refund is None or not refund.available:
            return
        found = figures_of(refund, at=at)
        Refund.objects.filter(pk=refund.pk).update(
            interest=found.interest,
            figures_on=clock.local_date(at),
            plan=plan_of(found),
            steps=explain.kept(found.steps),
        )


def figures_of(refund: Refund, *, at: datetime) -> Figures:
    """What a refund comes to today."""
    today, tables = clock.local_date(at), dated_tables()
    every = [Paid(on=part.paid_on, amount=part.amount) for part in refund.parts.all()]
    paid = last_paid_first(paid=every, amount=refund.available)
    why = Why(cause=refund.cause, event_on=refund.event_on, final_on=refund.final_on)
    since = arose(paid=paid, why=why, found=refund.arose_on)
    facts: dict[str, Any] = {"paid": paid, "demands": _demands(refund, since, today)}
    try:
        return figures(**facts, why=why, decided=today, tables=tables)
    except EventDayMissing:  # an officer names the day; until then none bears interest
        return figures(**facts, why=Why(cause=Cause.GRIEVANCE), decided=today, tables=tables)


def plan_of(found: Figures) -> dict[str, Any]:
    """As a refund keeps it: what pays which bill, and what is left for the person."""
    return {
        "set_offs": [
            {
                "bill_id": one.bill_id,
                "principal": one.principal,
                "interest": one.interest,
                "as_of": one.as_of.isoformat(),
                "by_law": one.by_law,
            }
            for one in found.taken
        ],
        **{name: getattr(found, name) for name in LEFT},
    }


def _demands(refund: Refund, since: date, today: date) -> list[Demand]:
    """Arrears first, by law; then the bill that its owner chose, as of the day they asked for it.

    `since` the day on which the refund came to be.
    """
    if refund.taxpayer_id is None:
        return []
    late = bills.arrears(taxpayer_id=refund.taxpayer_id, body=refund.body_id, on=today)
    found = [one for bill_id, due in late if (one := _demand(bill_id, max(due, since), today))]
    if refund.way == Way.SET_OFF and refund.to_bill_id is not None and refund.to_bill_id not in dict(late):
        asked = clock.local_date(refund.asked_at) if refund.asked_at else today
        owed = bills.owed_on(bill_ids=[refund.to_bill_id], on=asked)[refund.to_bill_id].total
        if owed:
            found.append(Demand(bill_id=refund.to_bill_id, amount=owed, as_of=asked, by_law=False))
    return found


def _demand(bill_id: int, both: date, today: date) -> Demand | None:
    """What arrears ask for on the day on which both claims existed (지방세기본법 제60조 제3항); where that was only
    surcharge that came about later, today."""
    for day in (min(both, today), today):
        owed = bills.owed_on(bill_ids=[bill_id], on=day)[bill_id].total
        if owed:
            return Demand(bill_id=bill_id, amount=owed, as_of=day)
    return None
