"""A row of a roll of any kind: every defect of its cells, or the bill that it becomes."""

from __future__ import annotations

from dataclasses import dataclass

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables, NoTableForDate, RateNotSourced
from billing.rules.kinds import Column, Expected, Facts, Kind, RowRefused
from billing.rules.roll_file import Problem, Row, check_cell, shown


@dataclass(frozen=True, kw_only=True)
class GoodRow:
    """A row that can be billed. `resident_number` goes to the vault and is not staged."""

    number: int
    roll_ref: str
    body: str
    name: str
    resident_number: str
    email: str
    object_ref: str
    facts: Facts
    assessed: Assessed


def check_row(row: Row, *, kind: Kind, expected: Expected, tables: DatedTables) -> GoodRow | list[Problem]:
    """The row with its tax, or every reason why it has none."""
    found = [problem for column in kind.columns if (problem := _cell(row, column))]
    clean = {column.name for column in kind.columns} - {problem.column for problem in found}
    for column in kind.columns:
        code = _check(row, column, expected) if column.name in clean else None
        if code:
            found.append(_problem(row, column.name, code))
    names = list(kind.column_names)
    return sorted(found, key=lambda problem: names.index(problem.column)) or _assess(row, kind, expected, tables)


def _cell(row: Row, column: Column) -> Problem | None:
    """What is wrong with the form of one cell."""
    if problem := check_cell(row, column.name, most=column.most):
        return problem
    value = row.cells[column.name]
    if column.required and not value.strip():
        return _problem(row, column.name, "missing")
    if value and column.pattern and not column.pattern.fullmatch(value):
        return _problem(row, column.name, "format")
    return None


def _check(row: Row, column: Column, expected: Expected) -> str | None:
    return column.check(row.cells[column.name], row.cells, expected) if column.check else None


def _assess(row: Row, kind: Kind, expected: Expected, tables: DatedTables) -> GoodRow | list[Problem]:
    cells = row.cells
    facts = {"rules": kind.name} | kind.read(cells, expected.term)
    try:
        assessed = kind.assess_facts(facts, tables=tables)
        kind.check_facts(facts, term=expected.term, tables=tables)
    except (RateNotSourced, NoTableForDate):
        return [_problem(row, kind.rate_column(cells), "no_rate")]
    except RowRefused as refused:
        return [Problem(row=row.number, column=refused.column, code=refused.code)]
    return GoodRow(
        number=row.number,
        roll_ref=cells["roll_ref"],
        body=cells["district_code"],
        name=cells["taxpayer_name"].strip(),
        resident_number=cells["resident_number"],
        email=cells["email"],
        object_ref=cells[kind.object_column],
        facts=facts,
        assessed=assessed,
    )


def _problem(row: Row, column: str, code: str) -> Problem:
    return Problem(row=row.number, column=column, code=code, shown=shown(column, row.cells[column]))
