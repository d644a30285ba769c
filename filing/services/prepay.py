"""Paying a car's tax for the year ahead (연납): applied for on a page, billed until the month's end, or it lapses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables, NoTableForDate, RateNotSourced
from billing.rules.prepaid_bill import (
    TAX,
    TERMS_FROM,
    NotPaidAhead,
    assess_facts,
    due_of,
    facts_of,
    halves_in,
    months_open,
)
from billing.selectors import BilledCar, billed_cars, stands_in_a_roll
from billing.selectors.city import city_calendar, dated_tables
from billing.services import Demand, lapse_unpaid
from core import clock
from core.errors import Refusal
from core.one_by_one import one_by_one
from core.states import move
from filing.models import Return
from filing.services.file import Filing, SumChanged, send
from filing.states import OVER, TRANSITIONS, Status

PREPAID: Final = "automobile_prepaid"
AT_ONCE: Final = 1000


class CarNotPaidAhead(Refusal):
    message = _(
        "The tax of this car can't be paid ahead now: it was applied for, is billed already, or it is not yours."
    )


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What paying a car's tax ahead this month comes to, in won: without discount, the bill, until when."""

    car: BilledCar
    year: int
    month: int
    facts: dict[str, Any]
    assessed: Assessed
    due_on: date

    @property
    def total(self) -> int:
        return self.assessed.total

    @property
    def less(self) -> int:
        """The discount on the car's tax."""
        return sum(step.amount or 0 for step in self.assessed.steps if step.code == "prepayment_discount")

    @property
    def whole(self) -> bool:
        return len(self.facts["halves"]) > 1


def next_months(*, at: datetime) -> tuple[int, ...]:
    """The months of this year in which tax may be paid ahead."""
    try:
        return months_open(year=clock.local_date(at).year, tables=dated_tables())
    except NoTableForDate:
        return ()


def offers(*, at: datetime) -> list[Offer]:
    """What the running session's cars can be paid ahead for now, none that was applied for."""
    day, tables = clock.local_date(at), dated_tables()
    found = _offers(billed_cars(year=day.year), day, tables)
    filed = Return.objects.filter(kind=PREPAID, thing__in=[thing_of(offer) for offer in found]).exclude(status__in=OVER)
    known = set(filed.values_list("taxpayer_id", "thing"))
    return [offer for offer in found if (offer.car.taxpayer_id, thing_of(offer)) not in known]


def thing_of(offer: Offer) -> str:
    """A car's tax for a year is paid ahead once."""
    return f"{offer.car.number} {offer.year}"


def apply(*, taxpayer_id: int, number: str, shown: int, key: UUID, at: datetime) -> int:
    """Apply for one car in the name of the running session; the return's id, the same for a form that is sent twice.

    Raises CarNotPaidAhead, SumChanged, and what filing any return refuses.
    """
    known = Return.objects.filter(key=key, taxpayer_id=taxpayer_id).values_list("pk", flat=True).first()
    if known:
        return known
    mine = [one for one in offers(at=at) if (one.car.taxpayer_id, one.car.number) == (taxpayer_id, number)]
    if not mine:
        raise CarNotPaidAhead
    (offer,) = mine
    if offer.total != shown:
        raise SumChanged
    values = {"vehicle_number": number, "year": offer.year, "month": offer.month}
    filing = Filing(
        taxpayer_id=taxpayer_id, body=offer.car.body, kind=PREPAID, values=values, shown=offer.total, key=key
    )
    return send(filing=filing, thing=thing_of(offer), due_on=offer.due_on.isoformat())


def demand_of(filed: Return) -> Demand | None:
    """Worker: the bill of what was applied for, computed from the car's own bills; None where they don't give it."""
    cars = billed_cars(
        year=filed.filed_on.year, taxpayer_id=filed.taxpayer_id, number=str(filed.inputs.get("vehicle_number", ""))
    )
    found = _offers([car for car in cars if car.body == filed.body_id], filed.filed_on, dated_tables())
    for offer in found:
        if (offer.total, offer.due_on, thing_of(offer)) == (filed.said, filed.due_on, filed.thing):
            if stands_in_a_roll(car=offer.car, year=offer.year, halves=offer.facts["halves"]):
                return None
            return Demand(
                reference=f"return:{filed.pk}",
                taxpayer_id=filed.taxpayer_id,
                body=filed.body_id,
                tax=TAX,
                tax_year=offer.year,
                term=TERMS_FROM + offer.month,
                object_ref=offer.car.number,
                facts=offer.facts,
                liability_on=filed.filed_on,
                nominal_due_on=due_of(year=offer.year, month=offer.month),
                due_on=offer.due_on,
            )
    return None


def lapse_prepaid(*, at: datetime) -> int:
    """Worker: what was not paid until its last day is gone, and the ordinary roll bills the car; how many lapsed."""
    over = Return.objects.filter(kind=PREPAID, status=Status.BILLED, bill__due_on__lt=clock.local_date(at))
    # Those that were paid stay billed for ever: they are not looked at again each night in the place of others.
    unpaid = over.filter(bill__status="issued", bill__payments=None).order_by("pk")
    lapsed = last = 0
    while some := list(unpaid.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        lapsed += one_by_one(some, _lapse, at=at)
        last = some[-1]
    return lapsed


def _lapse(return_id: int, at: datetime) -> bool:
    with transaction.atomic():
        filed = Return.objects.get(pk=return_id)
        if filed.bill_id is None or not lapse_unpaid(bill_id=filed.bill_id, at=at):
            return False
        move(Return, return_id, transitions=TRANSITIONS, old=Status.BILLED, new=Status.LAPSED)
        return True


def _offers(cars: Iterable[BilledCar], day: date, tables: DatedTables) -> list[Offer]:
    found = []
    for car in cars:
        if car.billed & set(halves_in(day.month)):
            continue  # a half that has its regular bill is paid by that
        try:
            facts = facts_of(car.facts, year=day.year, month=day.month, tables=tables)
            assessed = assess_facts(facts, tables=tables)
            due = city_calendar(tables=tables, on=day).due_date(nominal=due_of(year=day.year, month=day.month), tax=TAX)
        except (NotPaidAhead, NoTableForDate, RateNotSourced):
            continue
        found.append(Offer(car=car, year=day.year, month=day.month, facts=facts, assessed=assessed, due_on=due))
    return found
