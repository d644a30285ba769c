"""Local income tax (지방소득세): Local Tax Act, articles 92, 103-20, 103-21."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from billing.rules.assessed import Assessed
from billing.rules.brackets import Bracket, progressive
from billing.rules.dated import DatedTable, DatedTables
from billing.rules.filed import filed_return
from billing.rules.rounding import cut
from billing.rules.steps import Step, Value

TAX = "local_income"


def personal_income_tax(*, base: int, year: int, tables: DatedTables) -> Assessed:
    """Local income tax on a person's global income of a year (종합소득분), before credits; `base` as for income tax."""
    table = tables.at("local_income_personal", date(year, 1, 1))
    amount, step = _by_brackets(base, table.body["brackets"], table=table)
    return filed_return({TAX: amount}, (step,))


def corporate_income_tax(
    *, base: int, begins: date, tables: DatedTables, months: int = 12, family: bool = False
) -> Assessed:
    """Local income tax on a corporation's business year that begins on `begins`, before credits.

    A year of fewer months is stretched to twelve and its tax shortened again (article 103-21 paragraph 2). `family`: a
    corporation of few owners that lives of rents and interest (법인세법 제60조의2 제1항 제1호).
    """
    if not 1 <= months <= 12:
        raise ValueError("a business year has 1 to 12 months")
    table = tables.at("local_income_corporate", begins)
    brackets = table.body["family" if family else "ordinary"]
    if months == 12:
        amount, step = _by_brackets(base, brackets, table=table)
        return filed_return({TAX: amount}, (step,))
    year, step = _by_brackets(base * 12 // months, brackets, table=table)
    amount = cut(progressive(brackets, base * 12 // months).amount * months / 12)
    values: dict[str, Value] = {"months": months, "year": year}
    short = Step(code="short_year", article="지방세법 제103조의21 제2항", amount=amount, values=values)
    return filed_return({TAX: amount}, (step, short))


def _by_brackets(base: int, brackets: Sequence[Bracket], *, table: DatedTable) -> tuple[int, Step]:
    found = progressive(brackets, base)
    amount = cut(found.amount)
    values: dict[str, Value] = {"plus": found.plus, "percent": found.percent, "over": found.over, "base": base}
    return amount, Step(code="progressive_tax", article=table.article, amount=amount, values=values)
