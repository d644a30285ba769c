"""Leisure tax (레저세) and tobacco consumption tax (담배소비세): Local Tax Act, articles 42, 52, 151."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables
from billing.rules.filed import EDUCATION, RURAL, at_rate, filed_return, row_of, rural_on, surtax
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value


def leisure_tax(*, tickets_sold: int, on: date, tables: DatedTables) -> Assessed:
    """What the won taken for betting tickets owe, with education tax and rural special tax on the tax."""
    table, rural = tables.at("leisure", on), tables.at("leisure_rural", on)
    tax, step = at_rate(tickets_sold, percent(table.body["percent"]), article=table.article)
    education, on_education = surtax("leisure_education", tax=tax, tables=tables, on=on)
    special, on_rural = rural_on(tax, percent(rural.body["percent"]), article=rural.article)
    return filed_return({"leisure": tax, EDUCATION: education, RURAL: special}, (step, on_education, on_rural))


def tobacco_tax(*, kind: str, quantity: int, on: date, tables: DatedTables, leaf: bool = True) -> Assessed:
    """What tobacco taken out of the factory or customs owes: pieces, grams or millilitres by kind.

    `leaf`: made of tobacco leaf or of nicotine drawn from it; everything else owes half. Raises RateNotSourced.
    """
    table = tables.at("tobacco", on)
    row = row_of(table.body, kind, of="tobacco consumption tax")
    tax = cut(Fraction(quantity * row["won"], row["each"]))
    values: dict[str, Value] = {"won": row["won"], "each": row["each"], "quantity": quantity, "unit": row["unit"]}
    steps = [Step(code="by_quantity", article=table.article, amount=tax, values=values)]
    if not leaf:
        half = tables.at("tobacco_without_leaf", on)
        tax, step = at_rate(tax, percent(half.body["percent"]), article=half.article)
        steps.append(step)
    education, step = surtax("tobacco_education", tax=tax, tables=tables, on=on)
    return filed_return({"tobacco": tax, EDUCATION: education}, (*steps, step))
