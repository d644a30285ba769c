"""The fire-service part of the local resource and facility tax (소방분 지역자원시설세): Local Tax Act, article 146."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from billing.rules.brackets import progressive
from billing.rules.dated import DatedTables
from billing.rules.steps import Step, Value

# How dangerous a fire in the building would be (decree article 138): ordinary, 화재위험 건축물, 대형 화재위험 건축물.
RISKS: Final = ("ordinary", "risk", "large_risk")


def fire_service(*, base: int, risk: str, tables: DatedTables, on: date) -> tuple[Fraction, Step]:
    """The tax of a year on a building or ship in won, not yet cut.

    `base` is the base of the property tax, not the value itself (article 146 paragraph 4); dangerous buildings owe
    twice or three times as much (paragraph 3 nos. 2, 2-2).
    """
    table = tables.at("fire_service", on)
    rate = progressive(table.body["brackets"], base)
    times: int = table.body["times"][risk]
    amount = rate.amount * times
    values: dict[str, Value] = {
        "base": base,
        "over": rate.over,
        "plus": rate.plus,
        "percent": rate.percent,
        "times": times,
    }
    code = "fire_service" if times == 1 else "fire_service_times"
    return amount, Step(code=code, article=table.article, amount=int(amount), values=values)
