from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing.models import Bill, BillLine, TaxType
from billing.rules.registry import assess_again
from billing.selectors.city import dated_tables
from billing.services.number_bills import number_one
from billing.services.put_in_force import put_in_force
from billing.states import BillStatus


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A bill that no roll makes: what its payer filed himself (신고납부).

    `reference` names what it was made for, once; `facts` is what it is computed from. `term` is the one that is shown.
    """

    reference: str
    taxpayer_id: int
    body: str
    tax: str
    tax_year: int
    term: int
    object_ref: str
    facts: Mapping[str, Any]
    liability_on: date
    nominal_due_on: date
    due_on: date


def issue_alone(*, demand: Demand, at: datetime) -> int:
    """Issue one bill, computed from its facts, with its opening entry; the bill's id. Worker only: it takes numbers.

    A demand with the same reference whose bill is in force is that bill. Raises what the rules refuse.
    """
    with transaction.atomic():
        known = Bill.objects.filter(roll_ref=demand.reference, status=BillStatus.ISSUED).first()
        if known:
            return known.pk
        tables = dated_tables()
        assessed = assess_again(demand.facts, tables=tables)
        tax_number, epay_number = number_one(
            body=demand.body,
            tax=TaxType.objects.get(code=demand.tax),
            year=demand.tax_year,
            month=demand.nominal_due_on.month,
            term=demand.term,
            tables=tables,
        )
        bill = Bill.objects.create(
            taxpayer_id=demand.taxpayer_id,
            body_id=demand.body,
            tax_id=demand.tax,
            tax_year=demand.tax_year,
            term=demand.term,
            status=BillStatus.ISSUED,
            tax_number=tax_number,
            epay_number=epay_number,
            roll_ref=demand.reference,
            object_ref=demand.object_ref,
            facts=dict(demand.facts),
            amount=assessed.total,
            liability_on=demand.liability_on,
            nominal_due_on=demand.nominal_due_on,
            due_on=demand.due_on,
            issued_at=at,
        )
        BillLine.objects.bulk_create(
            BillLine(bill=bill, position=position, tax_id=line.tax, amount=line.amount)
            for position, line in enumerate(assessed.lines, start=1)
        )
        put_in_force(bill=bill, at=at)
        return bill.pk
