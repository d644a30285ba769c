"""Until when a claim stands, from what is known of it; see billing.rules.prescription."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Bill, BillAdjustment, BillLine, BillPaymentPart, TaxType
from billing.rules.prescription import Interruption, last_day_of_claim, years_of
from billing.rules.standing import Deferral, moved_due
from billing.selectors.city import dated_tables
from billing.selectors.late import deferrals
from billing.states import FactKind


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An unpaid claim: until when it stands; None while property is seized."""

    until: date | None


def claim_of(*, bill_id: int) -> Claim | None:
    """Until when an unpaid bill's claim stands; None where nothing is claimed."""
    bill = unpaid_bills().filter(pk=bill_id, status__in=("issued", "written_off")).first()
    return Claim(until=claim_stands_until(bill=bill)) if bill else None


def claim_stands_until(*, bill: Bill) -> date | None:
    """The last day on which the claim stands, None while a seizure lasts.

    Reminders, seizures and payments interrupt; a deferral, or a plan made when the bill was late, makes it stand still.
    """
    asked = bill.lines.aggregate(sum=Sum("amount"))["sum"]
    less = bill.adjustments.aggregate(sum=Sum("amount"))["sum"] or 0
    pauses = deferrals(bill_id=bill.pk)
    in_parts, waits = _plans(bill)
    due = max(moved_due(due=bill.due_on, deferrals=pauses), in_parts)
    return last_day_of_claim(
        due=due,
        years=years_of(
            claim=asked - less,
            is_tax=bill.tax.kind == TaxType.LevyKind.TAX,
            rule=dated_tables().at("prescription", bill.liability_on),
        ),
        interruptions=_interruptions(bill),
        pauses=pauses + waits,
    )


def unpaid_bills() -> QuerySet[Bill]:
    """Bills of which a line's tax is not paid, as far as the caller may see."""
    unpaid = (
        BillLine.objects.filter(bill=OuterRef("pk"))
        .annotate(paid=_of_line(BillPaymentPart, "tax_part"), less=_of_line(BillAdjustment, "amount"))
        .annotate(back=_of_line(BillAdjustment, "returned"))
        .filter(amount__gt=F("paid") + F("less") - F("back"))
    )
    return Bill.objects.filter(Exists(unpaid))


def _of_line(model: type[BillPaymentPart | BillAdjustment], column: str) -> Coalesce:
    sums = model._default_manager.filter(line=OuterRef("pk")).values("line").values_list(Sum(column))
    return Coalesce(Subquery(sums), 0)


def _plans(bill: Bill) -> tuple[date, list[Deferral]]:
    """The last due date by a plan that was made in time, and the spans of plans that were made later."""
    last, waits = bill.due_on, []
    plans = bill.facts_beside.filter(kind=FactKind.INSTALMENTS).annotate(last=Max("parts__due_on"))
    for start, until, ended in plans.values_list("from_on", "last", "ended_on"):
        over = min(day for day in (until, ended) if day is not None)
        if start <= bill.due_on:
            last = max(last, over)
        else:
            waits.append(Deferral(from_on=start, until_on=over))
    return last, waits


def _interruptions(bill: Bill) -> list[Interruption]:
    paid = bill.payments.values("paid_on").annotate(kept=Sum("applied")).filter(kept__gt=0)  # and not taken back
    found = [Interruption(on=day, until=day) for day in paid.values_list("paid_on", flat=True)]
    known = bill.facts_beside.filter(kind__in=(FactKind.REMINDER, FactKind.SEIZURE))
    for kind, start, until, ended in known.values_list("kind", "from_on", "until_on", "ended_on"):
        found.append(Interruption(on=start, until=until if kind == FactKind.REMINDER else ended))
    return found
