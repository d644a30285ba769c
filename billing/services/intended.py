"""Worker: bills that were noticed before they were assessed are issued or given up (과세예고: 지방세기본법 제88조)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.models import Bill, IntendedBill
from billing.rules.calendar import due_when_billed
from billing.selectors.city import city_calendar, dated_tables
from billing.services.number_bills import number_one
from billing.services.put_in_force import put_in_force
from billing.states import BillStatus
from core import clock
from core.errors import Refusal


class StillWaits(Refusal):
    message = _("The notice of this assessment still waits for its payer, or for the decision about it.")


def release_intended(*, bill_id: int, at: datetime) -> bool:
    """It need not wait any more. False: it was released before, or is no draft."""
    return bool(_call("SELECT billing_release_intended(%s, %s)", [bill_id, at]))


def drop_intended(*, bill_id: int, at: datetime) -> bool:
    """It never becomes a bill. False: it is no draft."""
    return bool(_call("SELECT billing_drop_intended(%s, %s)", [bill_id, at]))


def issue_intended(*, bill_id: int, at: datetime) -> bool:
    """Make a bill of a draft: numbers, due date, receivable, event. False: it is no draft any more. Raises StillWaits.

    No article sets a day for it: it is due as one that arrives late (Framework Act, article 31).
    """
    with transaction.atomic():
        bill = Bill.objects.select_for_update(of=("self",)).select_related("tax").get(pk=bill_id)
        if bill.status != BillStatus.DRAFT:
            return False
        waits, today = IntendedBill.objects.get(pk=bill_id), clock.local_date(at)
        over = waits.waits_until is not None and waits.waits_until < today
        if waits.held or not (over or waits.released_at):
            raise StillWaits
        nominal, due = _due(bill, today)
        tax_number, epay_number = number_one(
            body=bill.body_id,
            tax=bill.tax,
            year=bill.tax_year,
            month=nominal.month,
            term=bill.term,
            tables=dated_tables(),
        )
        Bill.objects.filter(pk=bill_id).update(
            status=BillStatus.ISSUED,
            tax_number=tax_number,
            epay_number=epay_number,
            nominal_due_on=nominal,
            due_on=due,
            issued_at=at,
        )
        put_in_force(bill=bill, at=at)
        return True


def _due(bill: Bill, today: date) -> tuple[date, date]:
    tables = dated_tables()
    rule = tables.at("due_date", today).body
    nominal = today + timedelta(days=rule["then_days_after_arrival"])
    due = due_when_billed(
        calendar=city_calendar(tables=tables, on=today),
        nominal=nominal,
        tax=bill.tax_id,
        arrives=today,
        late_within_days=rule["arrives_late_within_days"],
        then_days=rule["then_days_after_arrival"],
    )
    return nominal, due


def _call(query: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]
