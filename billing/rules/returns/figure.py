"""What a return comes to: the tax it declares, what an amended one adds, and the penalties for coming late or short.

Framework Act on Local Taxes, articles 49 (수정신고), 51 (기한후신고), 53, 54 and 57. What is added for the days until
it is paid (article 55) is no part of it: that follows from the day of paying, see billing.rules.late_payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.filing_penalty import Penalty, not_filed, told_too_little
from billing.rules.returns.kinds import ReturnKind, Values
from billing.rules.returns.registry import return_kind
from billing.rules.steps import Step

RULES: Final = "return"  # what a bill of a return names as its rules


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A return as it was filed. `due`: its last day of filing; `before`: what the return that it amends declared, and
    `first_on` the day on which the first of them was filed."""

    kind: ReturnKind
    values: Values
    filed_on: date
    due: date
    before: Values | None = None
    first_on: date | None = None

    @property
    def late(self) -> bool:
        return self.filed_on > self.due


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`assessed` is what a bill asks for; `taxes` what of its lines is tax, without penalties; `less` by how much an
    amended return says less than before, tax by tax: that is claimed back (경정청구, article 50)."""

    assessed: Assessed
    taxes: Mapping[str, int]
    less: Mapping[str, int]


def figure_of(declared: Declared, *, tables: DatedTables) -> Figure:
    """Compute a return, in won. Raises NoTableForDate or RateNotSourced where no rate was read."""
    kind = declared.kind
    if declared.late and kind.late_refused:
        raise RateNotSourced(f"no penalties for a late return of {kind.name}")
    now = kind.assess(declared.values, tables=tables)
    steps, taxes, less = now.steps, {line.tax: line.amount for line in now.lines}, dict[str, int]()
    if declared.before is not None:
        was = {line.tax: line.amount for line in kind.assess(declared.before, tables=tables).lines}
        steps += _differences(taxes, was, on=declared.filed_on, tables=tables)
        less = {tax: won - taxes.get(tax, 0) for tax, won in was.items() if won > taxes.get(tax, 0)}
        taxes = {tax: won - was.get(tax, 0) for tax, won in taxes.items() if won > was.get(tax, 0)}
    penalty = _penalty(declared, taxes.get(kind.tax, 0), tables=tables)
    lines = tuple(
        Line(tax=tax, amount=won + (penalty.amount if tax == kind.tax else 0)) for tax, won in taxes.items() if won
    )
    assessed = Assessed(lines=lines, steps=steps + penalty.steps, collected=bool(lines))
    return Figure(assessed=assessed, taxes=taxes, less=less)


def facts_of(declared: Declared, *, tables: DatedTables) -> dict[str, Any]:
    """What the bill of a return keeps, so that it can be computed again."""
    facts: dict[str, Any] = {
        "rules": RULES,
        "kind": declared.kind.name,
        "inputs": dict(declared.values),
        "filed_on": declared.filed_on.isoformat(),
        "due": declared.due.isoformat(),
        "taxes": dict(figure_of(declared, tables=tables).taxes),
    }
    if declared.before is not None and declared.first_on is not None:
        facts |= {"before": dict(declared.before), "first_on": declared.first_on.isoformat()}
    return facts


def assess_facts(facts: Mapping[str, Any], *, tables: DatedTables) -> Assessed:
    """Compute the bill of a return again from what it keeps."""
    first_on = facts.get("first_on")
    declared = Declared(
        kind=return_kind(facts["kind"]),
        values=facts["inputs"],
        filed_on=date.fromisoformat(facts["filed_on"]),
        due=date.fromisoformat(facts["due"]),
        before=facts.get("before"),
        first_on=date.fromisoformat(first_on) if first_on else None,
    )
    return figure_of(declared, tables=tables).assessed


def _differences(now: Mapping[str, int], was: Mapping[str, int], *, on: date, tables: DatedTables) -> tuple[Step, ...]:
    article = tables.at("filing_amended", on).article
    return tuple(
        Step(
            code="amended",
            article=article,
            amount=now.get(tax, 0) - was.get(tax, 0),
            values={"levy": tax, "now": now.get(tax, 0), "before": was.get(tax, 0)},
        )
        for tax in dict.fromkeys((*now, *was))
    )


def _penalty(declared: Declared, tax: int, *, tables: DatedTables) -> Penalty:
    """Whoever filed nothing in time and then too little has filed nothing of that part in time; article 57 gives relief
    for a late return or an amended one, not for both."""
    if not declared.late or not tax:
        return Penalty(amount=0, steps=())
    if declared.first_on is None:
        return not_filed(tax=tax, due=declared.due, filed_on=declared.filed_on, tables=tables)
    if declared.first_on > declared.due:
        return not_filed(tax=tax, due=declared.due, tables=tables)
    return told_too_little(short=tax, due=declared.due, amended_on=declared.filed_on, tables=tables)
