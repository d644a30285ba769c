"""Late payment, interest on refunds, credits, resident tax, due dates, deadlines, numbers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from appeals.rules.clocks import Clocks
from billing.rules import deadlines, refund_interest
from billing.rules.credit import notice_credit
from billing.rules.dated import DatedTable
from billing.rules.filing_penalty import not_filed, told_too_little
from billing.rules.late_payment import late_filing, late_payment_of_parts, month_passes_after
from billing.rules.numbers import read_epay_number
from billing.rules.resident import Office, individual, office
from tests.billing.seoul import calendar, dated, tables

from .reading import Example
from .values import Unclear

# The first word that stands in the cause: a correction by grievance is no correction that bears interest.
CAUSES: Final = {
    "고충": "grievance",
    "이중": "paid_twice",
    "착오": "paid_by_mistake",
    "오납": "paid_by_mistake",
    "연납": "year_paid_ahead",
    "폐차": "year_paid_ahead",
    "말소": "year_paid_ahead",
    "감면": "reduced",
    "법령개정": "law_changed",
    "환급신청": "claimed",
    "경정": "corrected",
    "취소": "cancelled",
    "인용": "cancelled",
    "판결": "cancelled",
}
FOREVER: Final = 1200  # months, beyond which no rule counts
NO_SUMS: Final = ("year", "month", "half")
UNTIL: Final = re.compile(r"<=\s*(\d{4})")


def late(example: Example) -> dict[str, Any]:
    """Billed by the office: once, and by full months; self-assessed: by the day."""
    facts = example.facts
    if "days" in facts:
        return _late_by_days(example)
    due = date(_liability_year(example), 6, 30)
    months = min(facts.get("full_months_late", 0), FOREVER)
    on = month_passes_after(due, months) if months else due + timedelta(days=1)
    fine = "과태료" in example.tax
    rule = tables().at("late_fine" if fine else "late_payment", date(due.year, 6, 1))
    parts = facts["parts"] if "parts" in facts else {"": facts["tax"]}
    if facts.get("tax", sum(parts.values())) != sum(parts.values()):
        raise Unclear("the parts are not the tax")
    found = late_payment_of_parts(parts=parts, due=due, on=on, rule=rule)
    total = sum(part.total for part in found.values())
    tax = sum(parts.values())
    answer = {f"surcharge_{name}": part.total for name, part in found.items() if name}
    return answer | {"surcharge": total, "total": tax + total}


def penalty(example: Example) -> dict[str, Any]:
    """Of a return that was not filed, or told too little of the tax: before anything was made good."""
    facts, due = example.facts, date(_liability_year(example), 6, 30)
    fraud = "부정" in f"{example.tax} {facts.get('kind', '')}"
    tax = facts["tax"]
    if "무신고" in example.tax:
        found = not_filed(tax=tax, due=due, tables=tables(), fraud=fraud)
    else:
        found = told_too_little(short=tax, by_fraud=tax if fraud else 0, due=due, tables=tables())
    return {"penalty": found.amount, "surcharge": found.amount, "total": tax + found.amount}


def refund(example: Example) -> dict[str, Any]:
    facts = example.facts
    words = facts.get("cause", "이중납부").replace(" ", "")
    cause = next((code for word, code in CAUSES.items() if word in words), None)
    if cause is None:
        raise Unclear(f"no rule for a refund because of {facts['cause']!r}")
    event = facts.get("event") or facts.get("scrapped")
    first = refund_interest.first_day(cause=cause, paid=_day(facts["paid"]), event=_day(event) if event else None)
    interest = refund_interest.refund_interest(
        refund=facts["refund"],
        first=first,
        decided=_day(facts["decided"]),
        tables=tables(),
        after_a_late_judgment=bool(facts.get("after_40_days", False)),
    )
    split = [[f"{part.percent}%", part.days] for part in interest.parts]
    return {"interest": interest.amount, "split": split, "total": facts["refund"] + interest.amount}


def credit(example: Example) -> dict[str, Any]:
    facts = example.facts
    kinds = [name for name in ("e_notice", "autopay") if facts.get(name)]
    taxes = {name: value for name, value in facts.items() if name not in ("e_notice", "autopay", *NO_SUMS)}
    amounts = [value for value in taxes.values() if isinstance(value, int) and not isinstance(value, bool)]
    main = sum(value for name, value in taxes.items() if isinstance(value, int) and name != "edu")
    won = notice_credit(kinds=kinds, main=main, tables=tables(), on=example.day)
    return {"credit": won, "pay": sum(amounts) - won, "total": sum(amounts)}


def resident(example: Example) -> dict[str, Any]:
    """The office part where the row tells of a business, the individual part otherwise."""
    facts = example.facts
    if not facts.keys() & {"kind", "area_m2", "capital"}:
        if facts.get("city", "서울") not in ("서울", "서울시", "서울특별시", "Seoul"):
            raise Unclear(f"no ordinance of {facts['city']} was read")
        found = individual(year=example.year, tables=tables())
        base, area = found.amount_of("resident"), 0
    else:
        place = Office(
            owner=_owner(facts),
            area_m2=facts.get("area_m2", Fraction(0)),
            capital=facts.get("capital"),
            polluting=bool(facts.get("polluting", False)),
        )
        found = office(place=place, year=example.year, tables=tables())
        steps = {step.code: step.amount or 0 for step in found.steps}
        base, area = steps["resident_office_base"], steps.get("resident_office_area", 0)
    return {"base": base, "area": area, "edu": found.amount_of("local_education"), "total": found.total}


def due(example: Example) -> dict[str, Any]:
    """The calendar holds the days that were moved for a cause, too."""
    example.facts.get("cause")
    return {"due": calendar().due_date(nominal=_day(example.facts["nominal"]), tax="").isoformat()}


def deadline(example: Example) -> dict[str, Any]:
    served, way = _day(example.facts["served"]), _way(example.tax)
    last = Clocks(tables=tables(), calendar=calendar()).to_file(served=served, way=way).last_day
    answer: dict[str, Any] = {"last_day": last.isoformat()}
    if "filed" in example.facts:
        filed = _day(example.facts["filed"])
        answer["days"] = (filed - served).days
        answer["result"] = "각하" if deadlines.is_late(filed=filed, last_day=last) else "적법"
    return answer


def number(example: Example) -> dict[str, Any]:
    read = read_epay_number(example.facts["epay_no"])
    return {
        "inst": read.institution,
        "kind": read.kind,
        "year": read.year,
        "item": read.item,
        "serial": read.serial,
        "is_nontax": read.kind != "1",
    }


def _late_by_days(example: Example) -> dict[str, Any]:
    """The days run at the rate that the row names, or from the middle of the year in which the tax arose."""
    facts, days = example.facts, example.facts["days"]
    start = date(_liability_year(example), 6, 30)
    if rate := facts.get("rate_per_day"):
        known = [table for table in dated() if table.name == "late_filing" and _percent_of(table) == Fraction(rate)]
        if not known:
            raise Unclear(f"no day's rate of {float(Fraction(rate)):g}% in the tables")
        start = _within(known[0], start)
    surcharge = late_filing(tax=facts["tax"], due=start, on=start + timedelta(days=days), tables=tables())
    return {"surcharge": surcharge.total, "total": facts["tax"] + surcharge.total}


def _percent_of(table: DatedTable) -> Fraction:
    return Fraction(table.body["day_percent"])


def _within(table: DatedTable, day: date) -> date:
    return day if table.holds_on(day) else table.valid_from


def _liability_year(example: Example) -> int:
    until = UNTIL.search(example.when)
    return int(until[1]) if until else example.year


def _owner(facts: dict[str, Any]) -> str:
    kind = facts.get("kind", "")
    if "법인" in kind or kind == "company":
        return "company" if facts.get("capital") is not None else "other_company"
    return "person"


def _way(words: str) -> str:
    if "적부" in words:
        return "pre_assessment_review"
    return "objection" if "이의" in words else "tribunal"


def _day(text: str) -> date:
    return date.fromisoformat(text)
