"""What a return that came late, or told too little, owes beside the tax (무신고·과소신고가산세): Framework Act, 53-57.

For the days until it is paid see billing.rules.late_payment.late_filing (article 55). The education tax on a filed tax
bears no penalty of these, only that for the days (Local Tax Act, article 153).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from billing.rules.dated import DatedTable, DatedTables
from billing.rules.late_payment import month_passes_after
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """Won of the same tax item as the tax (article 52 paragraph 2), and how they came about."""

    amount: int
    steps: tuple[Step, ...]


def not_filed(
    *, tax: int, due: date, tables: DatedTables, fraud: bool = False, filed_on: date | None = None
) -> Penalty:
    """Nothing was filed until `due`: 20% of the tax, by fraud 40% (article 53).

    `filed_on`: the day on which it was filed after all, before the office had told that it would assess; part of the
    penalty falls away then (article 57 paragraph 2 no. 2), not of one for fraud.
    """
    table = tables.at("filing_penalty", due)
    rate = table.body["fraud_percent" if fraud else "not_filed_percent"]
    step = _step(
        "not_filed_by_fraud" if fraud else "not_filed", table, cut(tax * percent(rate)), percent=rate, base=tax
    )
    return _relieved(step, "filed_late", due=due, on=None if fraud else filed_on, tables=tables)


def told_too_little(
    *, short: int, due: date, tables: DatedTables, by_fraud: int = 0, amended_on: date | None = None
) -> Penalty:
    """Too little was filed, `short` won of tax, of these `by_fraud`: 10% and 40% (article 54).

    `amended_on`: the day on which the payer amended it by himself (article 57 paragraph 2 no. 1); none of it for fraud.
    """
    if not 0 <= by_fraud <= short:
        raise ValueError("what is short by fraud is part of what is short")
    table = tables.at("filing_penalty", due)
    rate = table.body["too_little_percent"]
    base = short - by_fraud
    step = _step("told_too_little", table, cut(base * percent(rate)), percent=rate, base=base)
    found = _relieved(step, "amended", due=due, on=amended_on, tables=tables)
    if not by_fraud:
        return found
    rate = table.body["fraud_percent"]
    amount = cut(by_fraud * percent(rate))
    more = _step("told_too_little_by_fraud", table, amount, percent=rate, base=by_fraud)
    return Penalty(amount=found.amount + amount, steps=(*found.steps, more))


def sold_without_return(*, tax: int, on: date, tables: DatedTables) -> Penalty:
    """What was acquired and sold again without a return owes 80% more (Local Tax Act, article 21 paragraph 2)."""
    table = tables.at("sold_unfiled", on)
    rate = table.body["percent"]
    step = _step("sold_unfiled", table, cut(tax * percent(rate)), percent=rate, base=tax)
    return Penalty(amount=step.amount or 0, steps=(step,))


def _relieved(step: Step, kind: str, *, due: date, on: date | None, tables: DatedTables) -> Penalty:
    """The penalty less what falls away for making it good so soon after the last day of filing."""
    amount = step.amount or 0
    if on is None:
        return Penalty(amount=amount, steps=(step,))
    table = tables.at("filing_relief", due)
    for row in table.body[kind]:
        if on < month_passes_after(due, row["months"]):
            left = amount - cut(amount * percent(row["percent"]))
            relief = _step("made_good", table, left, percent=row["percent"], months=row["months"], base=amount)
            return Penalty(amount=left, steps=(step, relief))
    return Penalty(amount=amount, steps=(step,))


def _step(code: str, rule: DatedTable, amount: int, **values: Any) -> Step:
    return Step(code=code, article=rule.article, amount=amount, values=values)
