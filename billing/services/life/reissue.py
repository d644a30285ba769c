"""A bill in place of another (재고지): new numbers and a new due date; what was paid and taken off stays accounted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, TypeVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from billing.events import BILL_ISSUED, BILL_REISSUED
from billing.models import (
    Bill,
    BillAdjustment,
    BillChange,
    BillCredit,
    BillFact,
    BillLine,
    BillPayment,
    BillPaymentPart,
    BillReplacement,
)
from billing.rules.calendar import due_when_billed
from billing.rules.dated import DatedTables
from billing.selectors.city import city_calendar, dated_tables
from billing.selectors.owed import owed_on
from billing.services.life.acts import Act, Details, in_force, refuse_too_little, step
from billing.services.life.claims import NothingUnpaid
from billing.services.life.extensions import extend_new_bills
from billing.services.number_bills import number_one
from billing.states import CHANGE_TRANSITIONS, BillStatus, ChangeStatus, FactKind
from core import clock, outbox
from core.errors import Refusal
from core.states import move

CARRIED: Final = (FactKind.CONTEST, FactKind.HOLD, FactKind.SEIZURE)

Row = TypeVar("Row", bound=Model)


class FactStands(Refusal):
    message = _("Collection of this bill is deferred, or it is paid in instalments. End that first.")


def check_reissuing(bill: Bill, details: Details, *, at: datetime) -> None:
    in_force(bill)
    if bill.facts_beside.filter(kind__in=("deferral", "instalments"), ended_on=None).exists():
        raise FactStands
    owed = owed_on(bill_ids=[bill.pk], on=clock.local_date(at))[bill.pk]
    if not owed.total:
        raise NothingUnpaid
    refuse_too_little(bill, {line.line_id: line.amount for line in owed.lines}, unpaid=owed.tax)


def do_reissuing(bill: Bill, change: BillChange, *, at: datetime) -> None:
    """Worker only: it takes numbers. The unpaid receivable is the same before and after, so nothing is posted."""
    step(bill, BillStatus.ISSUED, BillStatus.REISSUED)
    tables = dated_tables()
    new = _new_bill(bill, due_on=new_due(bill, tables=tables, arrives=clock.local_date(at)), tables=tables, at=at)
    lines = _copy_lines(bill, new)
    _copy_payments(bill, new, lines)
    for row in bill.adjustments.order_by("id"):
        _copy(BillAdjustment, row, bill=new, line_id=lines[row.line_id])
    for credit in bill.credits.all():
        _copy(BillCredit, credit, bill=new, line_id=lines[credit.line_id])
    BillReplacement.objects.create(old=bill, new=new, change=change)
    _carry_facts(bill, new, change, at=at)
    extend_new_bills(bill_ids=[new.pk])
    outbox.publish(BILL_REISSUED, bill_id=bill.pk, new_bill_id=new.pk)
    outbox.publish(BILL_ISSUED, bill_ids=[new.pk])


def new_due(bill: Bill, *, tables: DatedTables, arrives: date) -> date:
    """The due date of the new bill: 14 days after it arrives if it comes late (Framework Act, article 31)."""
    rule = tables.at("due_date", arrives).body
    due = due_when_billed(
        calendar=city_calendar(tables=tables, on=arrives),
        nominal=bill.nominal_due_on,
        tax=bill.tax_id,
        arrives=arrives,
        late_within_days=rule["arrives_late_within_days"],
        then_days=rule["then_days_after_arrival"],
    )
    return max(due, bill.due_on)


def _new_bill(bill: Bill, *, due_on: date, tables: DatedTables, at: datetime) -> Bill:
    tax_number, epay_number = number_one(
        body=bill.body_id,
        tax=bill.tax,
        year=bill.tax_year,
        month=bill.nominal_due_on.month,
        term=min(bill.term, 9),
        tables=tables,
    )
    same = ("taxpayer_id", "body_id", "tax_id", "tax_year", "term", "roll_ref", "object_ref", "facts", "amount")
    return Bill.objects.create(
        **{name: getattr(bill, name) for name in same},
        liability_on=bill.liability_on,
        nominal_due_on=bill.nominal_due_on,
        status=BillStatus.ISSUED,
        tax_number=tax_number,
        epay_number=epay_number,
        due_on=due_on,
        issued_at=at,
    )


def _copy_lines(bill: Bill, new: Bill) -> dict[int, int]:
    """The new id of every line by its old one."""
    return {line.pk: _copy(BillLine, line, bill=new).pk for line in bill.lines.order_by("position")}


def _copy_payments(bill: Bill, new: Bill, lines: dict[int, int]) -> None:
    """What was paid on the old bill counts on the new one; what was too much was paid back from the old."""
    made: dict[int | None, BillPayment] = {}
    for payment in bill.payments.order_by("id"):
        made[payment.pk] = _copy(BillPayment, payment, bill=new, excess=0, corrects=made.get(payment.corrects_id))
        for part in payment.parts.order_by("id"):
            _copy(BillPaymentPart, part, payment=made[payment.pk], line_id=lines[part.line_id])


def _carry_facts(bill: Bill, new: Bill, change: BillChange, *, at: datetime) -> None:
    """What runs on stands beside the new bill, with the officer and the reason of old; beside the old one it ends."""
    today = clock.local_date(at)
    for fact in bill.facts_beside.filter(kind__in=CARRIED, ended_on=None).select_related("change").order_by("id"):
        asked = _copy(BillChange, fact.change, bill=new)
        move(
            BillChange,
            asked.pk,
            transitions=CHANGE_TRANSITIONS,
            old=ChangeStatus.DECIDED,
            new=ChangeStatus.DONE,
            done_at=at,
        )
        _copy(BillFact, fact, bill=new, change=asked)
        BillFact.objects.filter(pk=fact.pk).update(ended_on=max(today, fact.from_on), ended_by=change)


def _copy(model: type[Row], row: Row, **changes: object) -> Row:
    facts = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    for name in ("id", "recorded_at"):
        facts.pop(name, None)
    for name in changes:
        facts.pop(f"{name}_id", None)
    return model._default_manager.create(**(facts | changes))


REISSUE: Final = Act(article="지방세징수법 제12조", check=check_reissuing, do=do_reissuing, by_worker=True)
