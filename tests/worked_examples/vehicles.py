"""Automobile tax: halves and years, prepayments, what comes back for a scrapped car."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from billing.rules.automobile import Vehicle, education_tax, vehicle_age
from billing.rules.automobile_held import Held, tax_while_held
from billing.rules.periods import Half
from billing.rules.prepayment import owed_until, prepay, refund_when_scrapped
from billing.rules.rounding import cut
from tests.billing.seoul import tables

from .reading import Example
from .values import Unclear

# What a type's words tell, the first that fits.
KINDS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("승합", "전세", "고속", "버스", "van"), "van"),
    (("특수", "special"), "special"),
    (("화물", "truck"), "truck"),
    (("륜",), "small"),
    (("전기", "수소", "태양", "그밖", "electric"), "passenger_electric"),
    (("승용", "passenger"), "passenger"),
    (("소형", "small"), "small"),
)
SIZES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("고속", "express"), "express"),
    (("대형전세", "전세대형", "전세버스대형", "largecharter"), "large_charter"),
    (("소형전세", "전세소형", "전세버스소형", "smallcharter"), "small_charter"),
    (("대형", "large"), "large"),
    (("소형", "small"), "small"),
)
ONE_CUT: Final = 10  # won, by which the education tax of two halves and of their year may part
OLDEST: Final = 100  # years; a car of twelve owes what an older one does


def kind_and_size(words: str) -> tuple[str, str | None]:
    """The class of a vehicle in the words of the examples.

    >>> kind_and_size("승합-대형일반"), kind_and_size("승용-전기"), kind_and_size("화물")
    (('van', 'large'), ('passenger_electric', None), ('truck', None))
    """
    kind = _first(KINDS, words)
    return kind, _first(SIZES, words) if kind in ("van", "special") else None


def vehicle(example: Example) -> Vehicle:
    facts = example.facts
    kind, size = kind_and_size(facts.get("type", "승용"))
    registered = facts.get("first_reg") or date(example.year + 1 - min(facts.get("age", 1), OLDEST), 1, 1).isoformat()
    return Vehicle(
        kind=kind,
        use="business" if facts.get("use") == "영업" else "private",
        first_registered=date.fromisoformat(registered),
        displacement_cc=facts.get("cc"),
        load_kg=facts.get("load_kg"),
        size=facts.get("size", size),
    )


def automobile(example: Example) -> dict[str, Any]:
    """One half, or both. The education tax of a `year` is taken once, of a year billed per half on each half."""
    facts, year = example.facts, example.year
    found: dict[str, Any] = {}
    if "first_reg" in facts:
        registered = date.fromisoformat(facts["first_reg"])
        ages = [vehicle_age(first_registered=registered, year=year, half=half) for half in (1, 2)]
        found = {"age": ages[facts.get("half", 1) - 1], "age_h1": ages[0], "age_h2": ages[1]}
    if facts.keys() <= {"first_reg", "year", "cc", "half"} and example.expected.keys() <= {*found}:
        facts.get("cc")  # heeded: no age depends on it
        return found
    car = vehicle(example)
    one = _half_asked_for(example)
    halves = [one] if one else [1, 2]
    cars = [_half(example, car, Half(year, half)) for half in halves]
    educations = [education_tax(vehicle=car, car=sum_, tables=tables(), on=date(year, 1, 1))[0] for sum_ in cars]
    education = sum(educations)
    if facts.get("period") == "year":
        education = education_tax(vehicle=car, car=sum(cars), tables=tables(), on=date(year, 1, 1))[0]
    found |= {f"car_h{half}": sum_ for half, sum_ in zip(halves, cars, strict=True)}
    found |= {f"edu_h{half}": sum_ for half, sum_ in zip(halves, educations, strict=True)}
    return found | {
        "car": sum(cars),
        "car_year": sum(cars),
        "edu": education,
        "edu_year": education,
        "total": sum(cars) + education,
        "pay": sum(cars) + education,
    }


def prepaid(example: Example) -> dict[str, Any]:
    month = example.facts.get("month", example.month)
    result = prepay(vehicle=vehicle(example), year=example.year, month=month, tables=tables())
    return {
        "discount_car": result.discount,
        "saving_car": result.discount,
        "saving_incl_edu": result.saving,
        "car": result.car,
        "edu": result.education,
        "pay": result.pay,
        "total": result.pay,
        "car_year": result.car_year,
        "edu_year": result.education_year,
    }


def scrapped(example: Example) -> dict[str, Any]:
    """What comes back of a year paid ahead when the car is scrapped."""
    day, car = date.fromisoformat(example.facts["scrapped"]), vehicle(example)
    whole = owed_until(vehicle=car, year=day.year, scrapped=date(day.year, 12, 31), tables=tables())
    if abs(example.facts["paid"] - whole) > ONE_CUT:
        raise Unclear(f"of a year paid with discount nothing is computed: without it {whole:,} won were due")
    refund = refund_when_scrapped(paid=example.facts["paid"], vehicle=car, year=day.year, scrapped=day, tables=tables())
    return {"refund": refund}


def _half(example: Example, car: Vehicle, half: Half) -> int:
    """Car tax of a half, cut to 10 won, for the days of it on which the car was registered."""
    gone = example.facts.get("scrapped")
    held = Held(last=date.fromisoformat(gone) if gone else None)
    return cut(tax_while_held(vehicle=car, half=half, held=held, tables=tables(), on=half.first)[0])


def _half_asked_for(example: Example) -> int | None:
    """The half that the row names, of a part of a half (일할) the one in which the car came or went; None for the year.

    A row that expects the car tax and not a year's is of the half of its date.
    """
    facts = example.facts
    if "half" in facts or facts.get("period") == "half":
        return facts.get("half") or example.half or 1
    days = [date.fromisoformat(facts[key]) for key in ("scrapped", "first_reg") if key in facts]
    halves = [1 if day.month <= 6 else 2 for day in days if day.year == example.year]
    if "일할" in example.tax and halves:
        return halves[0]
    of_a_bill = "car" in example.expected and "car_year" not in example.expected and "period" not in facts
    return example.half if of_a_bill else None


def _first(table: tuple[tuple[tuple[str, ...], str], ...], words: str) -> str:
    plain = words.lower().replace(" ", "").replace("-", "").replace("_", "")
    for signs, meaning in table:
        if any(sign in plain for sign in signs):
            return meaning
    raise Unclear(f"no vehicle of the type {words!r}")
