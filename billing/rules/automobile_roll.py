"""A row of an automobile tax roll: what each cell must be, and the tax that follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from billing.rules.automobile import KINDS, USES, Assessment, RateNotSourced, Vehicle, assess_half
from billing.rules.dated import DatedTables, NoTableForDate
from billing.rules.periods import Half
from billing.rules.roll_file import Problem, Row, check_cell, shown

# Each column with the most characters it may hold.
COLUMNS: Final[Mapping[str, int]] = {
    "roll_ref": 40,
    "district_code": 5,
    "taxpayer_name": 100,
    "resident_number": 14,
    "email": 254,
    "vehicle_number": 12,
    "kind": 30,
    "use": 30,
    "displacement_cc": 5,
    "load_kg": 6,
    "first_registered": 10,
    "half": 1,
}
CENTURIES: Final = {"9": 1800, "0": 1800, "1": 1900, "2": 1900, "5": 1900, "6": 1900} | dict.fromkeys("3478", 2000)
PATTERNS: Final = {
    "roll_ref": re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*"),
    "resident_number": re.compile(r"\d{6}-\d{7}", re.ASCII),
    "email": re.compile(r"(|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)"),
    "vehicle_number": re.compile(r"([가-힣]{2})?\d{2,3}[가-힣]\d{4}", re.ASCII),
    "displacement_cc": re.compile(r"([1-9]\d*)?", re.ASCII),
    "load_kg": re.compile(r"([1-9]\d*)?", re.ASCII),
    "first_registered": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
}


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the officer said of the roll: its year and half, and whose rows it may hold."""

    year: int
    half: int
    districts: Collection[str]


@dataclass(frozen=True, kw_only=True)
class GoodRow:
    """A row that can be billed. `resident_number` goes to the vault and is not staged."""

    number: int
    roll_ref: str
    district: str
    name: str
    resident_number: str
    email: str
    object_ref: str
    facts: dict[str, Any]
    assessment: Assessment

    @property
    def lines(self) -> list[dict[str, Any]]:
        parts = {"automobile": self.assessment.car, "local_education": self.assessment.education}
        return [{"tax": tax, "amount": amount} for tax, amount in parts.items() if amount]


def birth_date(resident_number: str) -> date | None:
    """The date in a resident number, its century by the seventh digit (9, 0: the 1800s); None if no such day was.

    >>> birth_date("690302-9635604"), birth_date("690231-1234567")
    (datetime.date(1869, 3, 2), None)
    """
    try:
        year = CENTURIES[resident_number[7]] + int(resident_number[:2])
        return date(year, int(resident_number[2:4]), int(resident_number[4:6]))
    except ValueError:
        return None


def vehicle_of(facts: Mapping[str, Any]) -> Vehicle:
    """The vehicle as a bill keeps it."""
    return Vehicle(
        kind=facts["kind"],
        use=facts["use"],
        first_registered=date.fromisoformat(facts["first_registered"]),
        displacement_cc=facts.get("displacement_cc"),
        load_kg=facts.get("load_kg"),
        size=facts.get("size"),
    )


def assess_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessment:
    """Compute a bill again from what it was computed from."""
    return assess_half(vehicle=vehicle_of(facts), year=facts["year"], half=facts["half"], tables=tables)


def check_row(row: Row, *, expected: Expected, tables: DatedTables) -> GoodRow | list[Problem]:
    """The row with its tax, or every reason why it has none."""
    found = [problem for name, most in COLUMNS.items() if (problem := check_cell(row, name, most=most))]
    clean = COLUMNS.keys() - {problem.column for problem in found}
    for name in COLUMNS:
        code = _wrong(name, row.cells, expected) if name in clean else None
        if code:
            found.append(Problem(row=row.number, column=name, code=code, shown=shown(name, row.cells[name])))
    return sorted(found, key=lambda problem: list(COLUMNS).index(problem.column)) or _assess(row, expected, tables)


def _assess(row: Row, expected: Expected, tables: DatedTables) -> GoodRow | list[Problem]:
    cells = row.cells
    facts: dict[str, Any] = {name: cells[name] for name in ("vehicle_number", "kind", "use", "first_registered")}
    facts |= {name: int(cells[name]) for name in ("displacement_cc", "load_kg") if cells[name]}
    facts |= {"year": expected.year, "half": expected.half}
    try:
        assessment = assess_facts(facts, tables=tables)
    except (RateNotSourced, NoTableForDate):
        column = "load_kg" if cells["kind"] == "truck" else "kind"
        return [Problem(row=row.number, column=column, code="no_rate", shown=shown(column, cells[column]))]
    if _billed_in_june(assessment, facts, expected, tables):
        return [Problem(row=row.number, column="half", code="billed_in_june")]
    return GoodRow(
        number=row.number,
        roll_ref=cells["roll_ref"],
        district=cells["district_code"],
        name=cells["taxpayer_name"].strip(),
        resident_number=cells["resident_number"],
        email=cells["email"],
        object_ref=cells["vehicle_number"],
        facts=facts,
        assessment=assessment,
    )


def _billed_in_june(assessment: Assessment, facts: Mapping[str, Any], expected: Expected, tables: DatedTables) -> bool:
    """Whether the first half's bill already asked for the whole year (article 128)."""
    if expected.half == 1 or date.fromisoformat(facts["first_registered"]) > Half(expected.year, 1).last:
        return False
    return assess_facts({**facts, "half": 1}, tables=tables).whole_year


def _wrong(name: str, cells: Mapping[str, str], expected: Expected) -> str | None:
    """The code of what is wrong with one cell, or None."""
    value = cells[name]
    if not value.strip() and name not in ("email", "displacement_cc", "load_kg"):
        return "missing"
    pattern = PATTERNS.get(name)
    if pattern and not pattern.fullmatch(value):
        return "format"
    check = CHECKS.get(name)
    return check(value, cells, expected) if check else None


def _district(value: str, cells: Mapping[str, str], expected: Expected) -> str | None:
    return None if value in expected.districts else "district"


def _resident(value: str, cells: Mapping[str, str], expected: Expected) -> str | None:
    return None if birth_date(value) else "impossible_date"


def _registered(value: str, cells: Mapping[str, str], expected: Expected) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "impossible_date"
    if day.year < 1950:
        return "impossible_date"
    return "after_period" if day > Half(expected.year, expected.half).last else None


def _half(value: str, cells: Mapping[str, str], expected: Expected) -> str | None:
    return None if value == str(expected.half) else "other_half"


def _one_of(allowed: tuple[str, ...]) -> Check:
    return lambda value, cells, expected: None if value in allowed else "unknown_value"


def _needed_for(kind: str) -> Check:
    return lambda value, cells, expected: "missing" if cells["kind"] == kind and not value else None


Check = Callable[[str, Mapping[str, str], Expected], str | None]
CHECKS: Final[Mapping[str, Check]] = {
    "district_code": _district,
    "resident_number": _resident,
    "kind": _one_of(KINDS),
    "use": _one_of(USES),
    "displacement_cc": _needed_for("passenger"),
    "load_kg": _needed_for("truck"),
    "first_registered": _registered,
    "half": _half,
}
