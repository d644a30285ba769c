"""The form of the first officer: it offers what the law leaves open, and no more (`refunds/sql/law.sql`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.http import QueryDict

from refunds import claim_selectors
from refunds.forms import AssessForm
from refunds.selectors import RefundDetail
from refunds.services import Assessment
from refunds.states import OF_A_CHANGE, OF_AN_OVERPAYMENT, Cause, Told, Way

# A decision on an appeal, and a claim by right that was granted, say what a refund is; no officer does.
FIXED: Final = (Told.APPEAL, Told.CLAIM)
# What a request says nothing about: interest then hangs on another day than those of the payment and the request.
OF_ANOTHER_DAY: Final = (Cause.YEAR_PAID_AHEAD, Cause.REDUCED, Cause.LAW_CHANGED, Cause.CLAIMED)


def assess_form(data: QueryDict | None, found: RefundDetail) -> AssessForm:
    """As it is to be filled, or as it was (`data`)."""
    summary = found.summary
    ways = [Way.CARD] if found.by_card else []
    ways.append(Way.ACCOUNT)
    if summary.way in (Way.DONATION, Way.SET_OFF):  # only its owner chooses these
        ways.append(Way(summary.way))
    causes, days = _open(found)
    initial: dict[str, Any] = {
        "believed": summary.amount,
        "cause": summary.cause,
        "event_on": found.event_on,
        "final_on": found.final_on,
        "arrived_on": found.arrived_on,
        "way": summary.way or ways[0],
    }
    form = AssessForm(data, causes=causes, days=days, ways=ways, initial=initial)
    if found.told_by in FIXED:
        form.fixed = {"event_on": found.event_on, "final_on": found.final_on}
    return form


def said(form: AssessForm) -> Assessment:
    """What a valid form says, with the days that stand firm."""
    told = {**form.cleaned_data, **form.fixed}
    return Assessment(
        cause=Cause(told["cause"]),
        way=Way(told["way"]),
        event_on=told.get("event_on"),
        final_on=told.get("final_on"),
        arrived_on=told.get("arrived_on"),
    )


def _open(found: RefundDetail) -> tuple[Sequence[Cause], Collection[str]]:
    """What the law leaves open: causes, and which days an officer names."""
    cause = Cause(found.summary.cause)
    if cause == Cause.NO_TAX:
        return (cause,), ()
    if cause in OF_AN_OVERPAYMENT:
        return OF_AN_OVERPAYMENT, ()
    if found.told_by in FIXED:
        return (cause,), ()
    behind = claim_selectors.request_behind(found)
    if behind is None:
        return OF_A_CHANGE, ("event_on", "final_on")
    if behind.late:
        return (Cause.GRIEVANCE, Cause.CORRECTED, Cause.CANCELLED, *OF_ANOTHER_DAY), ("event_on", "arrived_on")
    return (Cause.CORRECTED, Cause.CANCELLED, *OF_ANOTHER_DAY), ("event_on",)
