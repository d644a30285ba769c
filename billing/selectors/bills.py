from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from billing.models import Bill, BillPaymentPart, TaxType
from billing.rules.dated import DatedTables
from billing.rules.late_payment import PartPaid, late_payment
from billing.rules.registry import assess_again
from billing.rules.steps import Step
from billing.selectors.city import dated_tables
from billing.selectors.owed import LineOwed, Owed, owed
from core import clock

MOST_FOUND = 100
MOST_OWN = 1000


class NoSuchBill(LookupError):
    """There is no such bill, or the caller may not see it; no answer tells which."""


@dataclass(frozen=True, kw_only=True)
class BillSummary:
    """A bill in a list, with what it owes at the moment that was asked for."""

    id: int
    taxpayer_id: int
    tax: str
    tax_ko: str
    tax_en: str
    body: str
    body_ko: str
    body_en: str
    tax_year: int
    term: int
    object_ref: str
    status: str
    amount: int
    due_on: date
    overdue: bool
    owed: Owed

    @property
    def paid(self) -> bool:
        return self.owed.in_force and self.owed.total == 0


@dataclass(frozen=True, kw_only=True)
class DetailLine:
    """One tax of a bill with its names."""

    name_ko: str
    name_en: str
    owed: LineOwed


@dataclass(frozen=True, kw_only=True)
class BillDetail:
    """One bill with how it came about; `steps` are computed anew from what the bill keeps."""

    summary: BillSummary
    tax_number: str
    epay_number: str
    issued_at: datetime
    nominal_due_on: date
    lines: tuple[DetailLine, ...]
    steps: tuple[Step, ...]
    late_steps: tuple[tuple[DetailLine, tuple[Step, ...]], ...]


def my_bills(*, at: datetime) -> list[BillSummary]:
    """The newest 1,000 bills that the running session may see: on the public face one's own and those found."""
    return _summaries(_newest(Bill.objects.exclude(status="draft"), MOST_OWN), at=at)


def search_bills(*, text: str, at: datetime) -> list[BillSummary]:
    """Bills with exactly this electronic payment number, tax number, roll reference or vehicle; at most 100."""
    key = text.strip().replace(" ", "")
    digits = key.replace("-", "")
    match = Q(epay_number=digits) | Q(tax_number=digits) | Q(roll_ref=key) | Q(object_ref=key)
    return _summaries(_newest(Bill.objects.filter(match), MOST_FOUND), at=at) if key else []


def bill_detail(*, bill_id: int, at: datetime) -> BillDetail:
    """One bill with its calculation. Raises NoSuchBill, also where the caller may not see it."""
    bill = Bill.objects.select_related("tax", "body").filter(pk=bill_id).first()
    if bill is None:
        raise NoSuchBill(bill_id)
    (summary,) = _summaries([bill], at=at)
    names = {line.pk: line.tax for line in bill.lines.select_related("tax")}
    lines = tuple(
        DetailLine(name_ko=names[line.line_id].name_ko, name_en=names[line.line_id].name_en, owed=line)
        for line in summary.owed.lines
    )
    tables = dated_tables()
    return BillDetail(
        summary=summary,
        tax_number=bill.tax_number,
        epay_number=bill.epay_number,
        issued_at=bill.issued_at,
        nominal_due_on=bill.nominal_due_on,
        lines=lines,
        steps=assess_again(bill.facts, tables=tables).steps,
        late_steps=_late_steps(bill, lines, names, tables=tables, at=at) if summary.owed.surcharge else (),
    )


def parts_paid(*, line_id: int) -> list[PartPaid]:
    """What of a line's tax was paid when."""
    parts = BillPaymentPart.objects.filter(line_id=line_id).order_by("id")
    return [PartPaid(on=part.paid_on, amount=part.tax_part) for part in parts]


def _late_steps(
    bill: Bill, lines: Iterable[DetailLine], taxes: Mapping[int, TaxType], *, tables: DatedTables, at: datetime
) -> tuple[tuple[DetailLine, tuple[Step, ...]], ...]:
    found = []
    for line in lines:
        rule = tables.at(taxes[line.owed.line_id].late, bill.liability_on)
        paid = parts_paid(line_id=line.owed.line_id)
        surcharge = late_payment(tax=line.owed.amount, due=bill.due_on, on=clock.local_date(at), rule=rule, paid=paid)
        found.append((line, surcharge.steps))
    return tuple(found)


def _newest(bills: QuerySet[Bill], most: int) -> list[Bill]:
    return list(bills.select_related("tax", "body").order_by("-due_on", "-id")[:most])


def _summaries(bills: list[Bill], *, at: datetime) -> list[BillSummary]:
    sums = owed(bill_ids=[bill.pk for bill in bills], at=at)
    today = clock.local_date(at)
    return [
        BillSummary(
            id=bill.pk,
            taxpayer_id=bill.taxpayer_id,
            tax=bill.tax_id,
            tax_ko=bill.tax.name_ko,
            tax_en=bill.tax.name_en,
            body=bill.body_id,
            body_ko=bill.body.name_ko,
            body_en=bill.body.name_en,
            tax_year=bill.tax_year,
            term=bill.term,
            object_ref=bill.object_ref,
            status=bill.status,
            amount=bill.amount,
            due_on=bill.due_on,
            overdue=bill.due_on < today and sums[bill.pk].total > 0,
            owed=sums[bill.pk],
        )
        for bill in bills
    ]
