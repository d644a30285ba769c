"""What a bill for a half asks once its car changed hands or left the register after it went out: articles 129, 130."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from billing.rules import prepaid_bill
from billing.rules.assessed import Assessed
from billing.rules.automobile_bill import assess_half, billed_whole_in_june
from billing.rules.automobile_held import Held, held_since_registration
from billing.rules.automobile_part_roll import OCCASIONS, last_day
from billing.rules.automobile_roll import AUTOMOBILE, held_of, vehicle_of
from billing.rules.dated import DatedTables
from billing.rules.periods import Half

ARTICLES: Final = OCCASIONS


class NoHalfOfACar(ValueError):
    """The bill is for something else, or for a part of a half already."""


class DiscountNotSourced(ValueError):
    """A small year billed whole in June with its discount: no article read says what of the discount stays."""


class NotWithinTheHalf(ValueError):
    """The owner kept the car through the half, or had given it away before it began."""


def left_within(facts: Mapping[str, Any], *, occasion: str, on: date, tables: DatedTables) -> Assessed:
    """The bill for the days until the car left, computed from what the bill keeps; `on`: of the (de)registration.

    Raises NoHalfOfACar, DiscountNotSourced or NotWithinTheHalf.
    """
    if facts.get("rules") == prepaid_bill.RULES:
        left = prepaid_bill.left_of(facts, last=last_day(occasion=occasion, on=on), tables=tables)
        if left is None:
            raise NotWithinTheHalf
        return left
    if facts.get("rules") != AUTOMOBILE.name:
        raise NoHalfOfACar(facts.get("rules"))
    vehicle, held = vehicle_of(facts), held_of(facts)
    half = Half(facts["year"], facts["half"])
    if half.number == 1 and billed_whole_in_june(vehicle=vehicle, year=half.year, tables=tables, held=held):
        raise DiscountNotSourced
    shorter = Held(first=held.first, last=last_day(occasion=occasion, on=on))
    days = held_since_registration(vehicle, shorter).days_in(half)
    if not 0 < days < held_since_registration(vehicle, held).days_in(half):
        raise NotWithinTheHalf
    return assess_half(vehicle=vehicle, year=half.year, half=half.number, tables=tables, held=shorter)
