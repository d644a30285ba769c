"""What a payer may claim about a bill: what each tax comes to now, and whether it was filed by a return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from billing.models import Bill, BillLine, TaxType
from billing.selectors.back import standing_amounts
from billing.selectors.bills import BillSummary, bills_by_id


@dataclass(frozen=True, kw_only=True)
class LineOfClaim:
    """A tax of a bill with what it comes to after all that was taken off, in won."""

    id: int
    name_ko: str
    name_en: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """`filed`: the payer computes and files this tax (신고납부), until `due_on` by law."""

    bill: BillSummary
    lines: tuple[LineOfClaim, ...]
    filed: bool
    is_tax: bool
    due_on: date


def claimable(*, bill_id: int, at: datetime) -> Claimable | None:
    """A bill that the running session may see; None for any other."""
    bill = bills_by_id(bill_ids=[bill_id], at=at).get(bill_id)
    if bill is None:
        return None
    amounts = standing_amounts(bill_id=bill_id)
    lines = BillLine.objects.filter(bill_id=bill_id).select_related("tax").order_by("position")
    tax, row = TaxType.objects.get(code=bill.tax), Bill.objects.only("facts", "nominal_due_on").get(pk=bill_id)
    return Claimable(
        bill=bill,
        lines=tuple(
            LineOfClaim(id=line.pk, name_ko=line.tax.name_ko, name_en=line.tax.name_en, amount=amounts[line.pk])
            for line in lines
        ),
        filed=tax.assessed == "filed" or "filed_on" in row.facts,
        is_tax=tax.kind == TaxType.LevyKind.TAX,
        due_on=row.nominal_due_on,
    )
