"""Cars that somebody was billed for, as far as the running session may see their bills."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from billing.models import Bill, BillChange, RollRow
from billing.rules.automobile_roll import AUTOMOBILE
from billing.states import RollStatus


@dataclass(frozen=True, kw_only=True)
class BilledCar:
    """A car as its newest bill of this year or the last keeps it; `billed` are the halves of this year with a bill."""

    taxpayer_id: int
    body: str
    number: str
    facts: dict[str, Any]
    billed: frozenset[int]


def billed_cars(*, year: int, taxpayer_id: int | None = None, number: str = "") -> list[BilledCar]:
    """Cars with a regular bill in force of this year or the last that did not leave their payer since."""
    bills = Bill.objects.filter(tax_id=AUTOMOBILE.tax, tax_year__in=(year - 1, year), status="issued")
    bills = bills.filter(facts__rules=AUTOMOBILE.name)
    if taxpayer_id is not None:
        bills = bills.filter(taxpayer_id=taxpayer_id)
    if number:
        bills = bills.filter(object_ref=number)
    newest: dict[tuple[int, str], Bill] = {}
    halves: dict[tuple[int, str], set[int]] = {}
    for bill in bills.order_by("tax_year", "term")[:1000]:
        key = (bill.taxpayer_id, bill.object_ref)
        newest[key] = bill
        if bill.tax_year == year:
            halves.setdefault(key, set()).add(bill.term)
    gone = _left([bill.pk for bill in newest.values()])
    return [
        BilledCar(
            taxpayer_id=bill.taxpayer_id,
            body=bill.body_id,
            number=bill.object_ref,
            facts=bill.facts,
            billed=frozenset(halves.get(key, ())),
        )
        for key, bill in newest.items()
        if bill.pk not in gone
    ]


def stands_in_a_roll(*, car: BilledCar, year: int, halves: Collection[int]) -> bool:
    """Worker: whether a roll that is on its way to bills holds the car for one of these halves."""
    on_their_way = (RollStatus.BROUGHT, RollStatus.STAGED, RollStatus.APPROVED, RollStatus.ISSUING)
    rows = RollRow.objects.filter(object_ref=car.number, taxpayer_id=car.taxpayer_id, roll__status__in=on_their_way)
    return rows.filter(roll__tax_id=AUTOMOBILE.tax, roll__tax_year=year, roll__term__in=halves).exists()


def _left(bill_ids: list[int]) -> set[int]:
    """Bills that were reduced because their car was sold or scrapped."""
    changes = BillChange.objects.filter(bill_id__in=bill_ids, status="done", details__has_key="left")
    return set(changes.values_list("bill_id", flat=True))
