"""What one bill owes on a day and why: its lines with names, the credit for paying in time, the steps of lateness."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from billing.models import Bill, BillCredit, BillFact, BillPaymentPart
from billing.rules.dated import DatedTable, DatedTables
from billing.rules.late_payment import PartPaid
from billing.rules.standing import Deferral, Part, late_with_facts, moved_due
from billing.rules.steps import Step, Value
from billing.selectors.city import dated_tables
from billing.selectors.owed import LineOwed, Owed, owed_on


@dataclass(frozen=True, kw_only=True)
class DetailLine:
    """One tax of a bill with its names, and how its surcharge comes about."""

    name_ko: str
    name_en: str
    owed: LineOwed
    late_steps: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OnDay:
    """A bill as it would be paid on a day. `due_on` counts deferrals; `credit_steps` say what became of a credit."""

    on: date
    due_on: date
    owed: Owed
    lines: tuple[DetailLine, ...]
    credit_steps: tuple[Step, ...]

    @property
    def late_steps(self) -> tuple[tuple[DetailLine, tuple[Step, ...]], ...]:
        return tuple((line, line.late_steps) for line in self.lines if line.late_steps)


def on_day(*, bill: Bill, on: date) -> OnDay:
    """What the bill owes if paid on a day. Amounts come from the database's rule, the steps from its twin in Python."""
    owed = owed_on(bill_ids=[bill.pk], on=on)[bill.pk]
    names = {line.pk: line.tax for line in bill.lines.select_related("tax")}
    tables = dated_tables()
    pauses = deferrals(bill_id=bill.pk)
    lines = tuple(
        DetailLine(
            name_ko=names[line.line_id].name_ko,
            name_en=names[line.line_id].name_en,
            owed=line,
            late_steps=_late_steps(
                bill,
                line,
                pauses,
                on=on,
                rule=tables.at(names[line.line_id].late, bill.liability_on),
                tables=tables,
                others=sum(
                    other.amount
                    for other in owed.lines
                    if other is not line and names[other.line_id].item[:3] == names[line.line_id].item[:3]
                ),
            )
            if owed.in_force and line.surcharge
            else (),
        )
        for line in owed.lines
    )
    due_on = moved_due(due=bill.due_on, deferrals=pauses)
    return OnDay(on=on, due_on=due_on, owed=owed, lines=lines, credit_steps=_credit_steps(bill, due_on, on))


def deferrals(*, bill_id: int) -> list[Deferral]:
    """The spans in which collection of a bill is deferred."""
    return deferrals_of(bill_ids=[bill_id]).get(bill_id, [])


def deferrals_of(*, bill_ids: Collection[int]) -> dict[int, list[Deferral]]:
    """The same of many bills; those without are left out."""
    spans: dict[int, list[Deferral]] = {}
    if not bill_ids:
        return spans
    found = BillFact.objects.filter(bill_id__in=bill_ids, kind="deferral").order_by("from_on")
    for bill_id, start, *ends in found.values_list("bill_id", "from_on", "until_on", "ended_on"):
        until = min(day for day in ends if day is not None)
        spans.setdefault(bill_id, []).append(Deferral(from_on=start, until_on=until))
    return spans


def plan_of(*, bill: Bill, line_id: int) -> list[Part]:
    """The parts in which a line is paid, by the newest plan that was made before the bill was overdue."""
    made = BillFact.objects.filter(bill_id=bill.pk, kind="instalments", from_on__lte=bill.due_on).order_by("-id")
    plan = made.only("id", "ended_on").first()
    if plan is None:
        return []
    latest = plan.ended_on or date.max
    return [
        Part(number=part.number, due_on=max(bill.due_on, min(part.due_on, latest)), amount=part.amount)
        for part in plan.parts.filter(line_id=line_id).order_by("number")
    ]


def parts_paid(*, line_id: int) -> list[PartPaid]:
    """What of a line's tax was paid when, and not taken back."""
    parts = BillPaymentPart.objects.filter(line_id=line_id).values("paid_on").annotate(sum=Sum("tax_part"))
    return [PartPaid(on=part["paid_on"], amount=part["sum"]) for part in parts.order_by("paid_on") if part["sum"]]


def _late_steps(
    bill: Bill,
    line: LineOwed,
    pauses: list[Deferral],
    *,
    on: date,
    rule: DatedTable,
    tables: DatedTables,
    others: int,
) -> tuple[Step, ...]:
    filed = "filed_on" in bill.facts
    return late_with_facts(
        tax=_without_penalties(bill, line) if filed else line.amount,
        due=bill.due_on,
        on=on,
        rule=rule,
        paid=parts_paid(line_id=line.line_id),
        deferrals=pauses,
        plan=plan_of(bill=bill, line_id=line.line_id),
        others=others,
        by_day=tables if filed else None,
    ).steps


def _without_penalties(bill: Bill, line: LineOwed) -> int:
    """What of a line of a filed bill is tax: its penalties bear none of their own; a reduction takes off both alike."""
    issued = bill.lines.values_list("amount", flat=True).get(pk=line.line_id)
    return int(bill.facts["taxes"].get(line.tax, 0)) * line.amount // issued


def _credit_steps(bill: Bill, due_on: date, on: date) -> tuple[Step, ...]:
    """A credit that holds, one that was made good by paying in time, or one that was lost by paying late."""
    credit = BillCredit.objects.filter(bill_id=bill.pk).first()
    if credit is None:
        return ()
    granted = bill.adjustments.filter(credit=True).aggregate(sum=Sum("amount"))["sum"]
    until = credit.until_on or due_on
    code = "credit_granted" if granted else "credit_until" if on <= until else "credit_lost"
    amount = granted or credit.amount
    values: dict[str, Value] = {"kinds": ",".join(credit.kinds), "due": until.isoformat(), "credit": amount}
    shown = -amount if code != "credit_lost" else None
    return (Step(code=code, article=credit.article, amount=shown, values=values),)
