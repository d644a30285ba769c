"""What the taxes that a payer files himself share: a rate on a base, and the taxes due on the tax."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.rounding import cut, percent
from billing.rules.steps import Step, Value

EDUCATION: Final = "local_education"
# A national tax (농어촌특별세) that the city takes together with its own and hands on to the state.
RURAL: Final = "rural_special"


def row_of(body: Mapping[str, Any], kind: str, *, of: str) -> Mapping[str, Any]:
    """A kind's row in a table. Raises RateNotSourced."""
    if kind not in body:
        raise RateNotSourced(f"no rate of {of} for {kind!r}")
    row: Mapping[str, Any] = body[kind]
    return row


def at_rate(base: int, share: Fraction, *, article: str) -> tuple[int, Step]:
    """A share of a base, cut to 10 won."""
    amount = cut(base * share)
    values: dict[str, Value] = {"base": base, "percent": percent_text(share)}
    return amount, Step(code="flat_rate", article=article, amount=amount, values=values)


def education_on(base: int, share: Fraction, *, article: str) -> tuple[int, Step]:
    """Local education tax (지방교육세): a share of a base, cut to 10 won."""
    amount = cut(base * share)
    values: dict[str, Value] = {"base": base, "percent": percent_text(share)}
    return amount, Step(code="education", article=article, amount=amount, values=values)


def rural_on(base: int, share: Fraction, *, article: str) -> tuple[int, Step]:
    """Special tax for rural development (농어촌특별세): a share of a base, cut to 10 won."""
    amount = cut(base * share)
    values: dict[str, Value] = {"base": base, "percent": percent_text(share)}
    return amount, Step(code="rural_special", article=article, amount=amount, values=values)


def surtax(name: str, *, tax: int, tables: DatedTables, on: date) -> tuple[int, Step]:
    """Local education tax taken on a tax, by the table of that name."""
    table = tables.at(name, on)
    return education_on(tax, percent(table.body["percent"]), article=table.article)


def filed_return(amounts: Mapping[str, int], steps: tuple[Step, ...]) -> Assessed:
    """The lines of a return, without those of zero won."""
    return Assessed(lines=tuple(Line(tax=tax, amount=won) for tax, won in amounts.items() if won), steps=steps)


def percent_text(share: Fraction) -> str:
    """A share as a percentage, exactly.

    >>> percent_text(Fraction(167, 10000)), percent_text(Fraction(1, 10)), percent_text(Fraction(167, 100000))
    ('1.67', '10', '0.167')
    """
    number = share * 100
    digits = next((digits for digits in range(8) if (number * 10**digits).denominator == 1), 8)
    whole, rest = divmod(int(number * 10**digits), 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)
