"""Published answers: every row of data/worked_examples.csv names its source."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billing.rules.automobile import Vehicle, education_tax, half_tax, vehicle_age
from billing.rules.late_payment import late_filing, late_payment, late_payment_of_parts
from billing.rules.numbers import read_epay_number
from billing.rules.periods import Half, days_between
from billing.rules.prepayment import prepay, refund_when_scrapped
from billing.rules.rounding import cut

from .seoul import calendar, tables

FILE = Path(__file__).parent / "data" / "worked_examples.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
KINDS = {
    "승용": ("passenger", None),
    "승용-전기": ("passenger_electric", None),
    "화물": ("truck", None),
    "특수-대형": ("special", "large"),
}
Facts = dict[str, Any]
# Words about an answer, and answers of another source, that aren't to be produced.
COMMENTS = {"published", "max_pct", "is_nontax", "total_of"}


def vehicle(facts: Facts, *, year: int) -> Vehicle:
    kind, size = KINDS[facts.get("type", "승용")]
    registered = facts.get("first_reg") or f"{year - facts.get('age', 1) + 1}-01-01"
    return Vehicle(
        kind=kind,
        use="business" if facts.get("use") == "영업" else "private",
        first_registered=date.fromisoformat(registered),
        displacement_cc=facts.get("cc"),
        load_kg=facts.get("load_kg"),
        size=size,
    )


def year_of(row: dict[str, str], facts: Facts) -> int:
    return int(facts.get("year") or row["date"][:4])


def ages(row: dict[str, str], facts: Facts) -> Facts:
    year, registered = year_of(row, facts), date.fromisoformat(facts.get("first_reg", "2000-01-01"))
    age_1, age_2 = (vehicle_age(first_registered=registered, year=year, half=half) for half in (1, 2))
    return {"age": age_1, "age_h1": age_1, "age_h2": age_2}


def automobile(row: dict[str, str], facts: Facts) -> Facts:
    year = year_of(row, facts)
    found = ages(row, facts)
    if row["id"] == "A15":
        return found
    car, halves = vehicle(facts, year=year), [facts["half"]] if "half" in facts else [1, 2]
    cars, educations = [], []
    for number in halves:
        half = Half(year, number)
        amount, _ = half_tax(vehicle=car, year=year, half=number, tables=tables(), on=half.first)
        if car.first_registered > half.first:
            amount = 2 * amount * days_between(car.first_registered, half.last) / half.days_of_year
        cars.append(cut(amount))
        educations.append(education_tax(vehicle=car, car=cars[-1], tables=tables(), on=half.first)[0])
    car_sum, education = sum(cars), sum(educations)
    return found | {
        "car": car_sum,
        "car_year": car_sum,
        "edu": education,
        "edu_year": education,
        "total": car_sum + education,
    }


def prepaid(row: dict[str, str], facts: Facts) -> Facts:
    year, month = (int(part) for part in row["date"].split("-"))
    result = prepay(vehicle=vehicle(facts, year=year), year=year, month=month, tables=tables())
    return {
        "discount_car": result.discount,
        "saving_car": result.discount,
        "saving_incl_edu": result.saving,
        "car": result.car,
        "edu": result.education,
        "pay": result.pay,
    }


def late(row: dict[str, str], facts: Facts) -> Facts:
    old = row["date"].startswith("<=")
    liability, due = (date(2023, 6, 1), date(2023, 6, 30)) if old else (date(2024, 6, 1), date(2024, 6, 30))
    if "days" in facts:
        surcharge = late_filing(tax=facts["tax"], due=date(2024, 6, 30), on=date(2024, 7, 10), tables=tables())
        return {"surcharge": surcharge.total}
    rule = tables().at("late_payment", liability)
    if "parts" in facts:
        parts = late_payment_of_parts(parts=facts["parts"], due=due, on=date(2023, 7, 1), rule=rule)
        return {"surcharge": sum(part.total for part in parts.values())}
    months = facts["full_months_late"]
    on = date(due.year + (6 + months) // 12, (6 + months) % 12 + 1, 1)
    surcharge = late_payment(tax=facts["tax"], due=due, on=on, rule=rule)
    assert surcharge.months in (0, months)
    return {"surcharge": surcharge.total, "total": facts["tax"] + surcharge.total}


def due(row: dict[str, str], facts: Facts) -> Facts:
    moved = calendar().due_date(nominal=date.fromisoformat(facts["nominal"]), tax="property")
    return {"due": moved.isoformat()}


def number(row: dict[str, str], facts: Facts) -> Facts:
    read = read_epay_number(facts["epay_no"])
    return {"inst": read.institution, "kind": read.kind, "year": read.year, "item": read.item, "serial": read.serial}


def scrapped(row: dict[str, str], facts: Facts) -> Facts:
    car = vehicle(facts, year=2026)
    day = date.fromisoformat(facts["scrapped"])
    refund = refund_when_scrapped(paid=facts["paid"], vehicle=car, year=2026, scrapped=day, tables=tables())
    return {"refund": refund}


ANSWERS: dict[str, Callable[[dict[str, str], Facts], Facts]] = {
    "A": automobile,
    "P": prepaid,
    "L": late,
    "D": due,
    "N": number,
    "F": scrapped,
}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_published_answer_comes_out(row: dict[str, str]) -> None:
    expected: Facts = json.loads(row["expected_json"])
    found = ANSWERS[row["id"][0]](row, json.loads(row["input_json"]))
    compared = {key: value for key, value in expected.items() if key not in COMMENTS}
    assert {key: found[key] for key in compared} == compared


def test_the_file_holds_the_examples_of_every_rule() -> None:
    assert {row["id"][0] for row in ROWS} == set(ANSWERS)
    assert all(row["source"] for row in ROWS)
