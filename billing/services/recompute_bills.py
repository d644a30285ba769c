from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from billing.models import Bill
from billing.rules.dated import DatedTables
from billing.rules.registry import assess_again
from billing.selectors.city import dated_tables

AT_ONCE = 2000


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """A bill that the rules would ask otherwise for today: what stands on it, and what they say (or why they can't)."""

    bill_id: int
    stands: dict[str, int]
    computed: dict[str, int]
    problem: str = ""


@dataclass
class Count:
    """How many bills were looked at so far."""

    bills: int = 0


def recompute_bills(
    *,
    count: Count,
    bill_ids: Sequence[int] = (),
    tax: str = "",
    year: int | None = None,
    body: str = "",
    since: datetime | None = None,
) -> Iterator[Recomputed]:
    """Compute bills anew from what each keeps and name every difference to its lines, as they were issued.

    Without ids: all bills, or those of a tax, year or levying body, or issued since a moment. Reductions are facts
    beside the lines and don't matter here. Reads in batches, so that millions take no memory.
    """
    bills = Bill.objects.order_by("pk")
    if bill_ids:
        bills = bills.filter(pk__in=bill_ids)
    for name, value in (("tax_id", tax), ("tax_year", year), ("body_id", body), ("issued_at__gte", since)):
        bills = bills.filter(**{name: value}) if value else bills
    tables, after = dated_tables(), 0
    while batch := _batch(bills, after):
        count.bills += len(batch)
        for bill in batch:
            found = _compare(bill, tables)
            if found:
                yield found
        after = batch[-1].pk


def _batch(bills: QuerySet[Bill], after: int) -> list[Bill]:
    return list(bills.filter(pk__gt=after).prefetch_related("lines").only("pk", "facts")[:AT_ONCE])


def _compare(bill: Bill, tables: DatedTables) -> Recomputed | None:
    stands = {line.tax_id: line.amount for line in bill.lines.all()}
    computed: dict[str, int] = {}
    try:
        for line in assess_again(bill.facts, tables=tables).lines:
            computed[line.tax] = computed.get(line.tax, 0) + line.amount
    except (LookupError, ValueError, TypeError) as error:
        return Recomputed(bill_id=bill.pk, stands=stands, computed={}, problem=f"{type(error).__name__}: {error}")
    return None if computed == stands else Recomputed(bill_id=bill.pk, stands=stands, computed=computed)
