"""When a claim is prescribed (지방세징수권의 소멸시효): Framework Act on Local Taxes, articles 39 and 40."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from billing.models import Bill
from billing.rules.standing import moved_due
from billing.selectors.city import dated_tables
from billing.selectors.late import deferrals


def prescribed_after(*, bill: Bill) -> date:
    """The last day on which the claim stands: 5 years after it could first be collected, 10 from 50,000,000 won.

    It begins anew when something is paid, and does not run during a deferral or instalments. Reminders and seizures,
    which interrupt it too, are not known here yet: that is why an officer confirms.
    """
    rule = dated_tables().at("prescription", bill.liability_on).body
    large = sum(bill.lines.values_list("amount", flat=True)) >= rule["large_from"]
    start = moved_due(due=bill.due_on, deferrals=deferrals(bill_id=bill.pk))
    latest_part = bill.facts_beside.filter(kind="instalments").aggregate(last=Max("parts__due_on"))["last"]
    latest_payment = bill.payments.filter(applied__gt=0).aggregate(last=Max("paid_on"))["last"]
    start = max(day for day in (start, latest_part, latest_payment) if day is not None)
    return _years_after(start, rule["large_years"] if large else rule["years"])


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
