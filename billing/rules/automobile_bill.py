"""What a bill of automobile tax asks: Local Tax Act, articles 128-130, 151."""

from __future__ import annotations

from datetime import date

from billing.rules.assessed import Assessed, Line
from billing.rules.automobile import Vehicle, education_tax, half_tax
from billing.rules.automobile_held import Held, held_since_registration, tax_while_held
from billing.rules.dated import DatedTables
from billing.rules.periods import Half
from billing.rules.prepayment import discount
from billing.rules.rounding import cut
from billing.rules.steps import Step

ALWAYS = Held()


def assess_half(*, vehicle: Vehicle, year: int, half: int, tables: DatedTables, held: Held = ALWAYS) -> Assessed:
    """What the bill of June (half 1) or December (half 2) asks, in won, for the days on which the payer held the car.

    A year of at most 100,000 won is billed whole in June, with the discount of one who pays it whole then (article 128
    paragraph 4). Sums below 2,000 won are not collected (article 130 paragraph 4). Raises ValueError for a car that was
    not held within the period.
    """
    first, second = Half(year, 1), Half(year, 2)
    whole = half == 1 and billed_whole_in_june(vehicle=vehicle, year=year, tables=tables, held=held)
    billed = (first, second) if whole else (first if half == 1 else second,)
    if not any(held_since_registration(vehicle, held).days_in(period) for period in billed):
        raise ValueError("first registered after the period that is billed, or not held within it")
    on = billed[0].first
    parts = [tax_while_held(vehicle=vehicle, half=period, held=held, tables=tables, on=on) for period in billed]
    sums = [cut(amount) for amount, _ in parts]
    steps = parts[0][1] + tuple(step for _, more in parts[1:] for step in more if step not in parts[0][1])
    car = sum(sums)
    if whole:
        article = tables.at("automobile_terms", on).article
        steps += (Step(code="whole_year_in_june", article=article, amount=car),)
        less, step = discount(year=year, month=6, first=sums[0], second=sums[1], tables=tables)
        car, steps = car - less, (*steps, step)
    steps += (Step(code="cut_to_ten", article="지방세기본법 제59조", amount=car),)
    return _with_education(vehicle=vehicle, car=car, tables=tables, on=on, steps=steps)


def billed_whole_in_june(*, vehicle: Vehicle, year: int, tables: DatedTables, held: Held = ALWAYS) -> bool:
    """Whether the bill of June asks for the whole year, so that none is sent in December (article 128 paragraph 4).

    A car that came to the register or to its owner after June gets its first bill in December; one that was given away
    before the year's end is billed for its days only.
    """
    first, second = Half(year, 1), Half(year, 2)
    held = held_since_registration(vehicle, held)
    if not held.days_in(first) or (held.last and held.last < second.last):
        return False
    year_sum = sum(
        half_tax(vehicle=vehicle, year=year, half=half.number, tables=tables, on=first.first)[0]
        for half in (first, second)
    )
    most: int = tables.at("automobile_terms", first.first).body["whole_year_in_june_up_to"]
    return year_sum <= most


def _with_education(*, vehicle: Vehicle, car: int, tables: DatedTables, on: date, steps: tuple[Step, ...]) -> Assessed:
    education, more = education_tax(vehicle=vehicle, car=car, tables=tables, on=on)
    minimum = tables.at("automobile_minimum", on)
    collected = car >= minimum.body["smallest_bill"]
    if not collected:
        smallest = {"smallest": minimum.body["smallest_bill"]}
        more += (Step(code="not_collected", article=minimum.article, values=smallest),)
    parts = {"automobile": car, "local_education": education}
    lines = tuple(Line(tax=tax, amount=amount) for tax, amount in parts.items() if amount)
    return Assessed(lines=lines, steps=steps + more, collected=collected)
