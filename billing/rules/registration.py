"""Tax on registration (등록에 대한 등록면허세): Local Tax Act, articles 27, 28, 151."""

from __future__ import annotations

from datetime import date

from billing.rules.assessed import Assessed
from billing.rules.dated import DatedTables, RateNotSourced
from billing.rules.filed import EDUCATION, filed_return, row_of, surtax
from billing.rules.rounding import cut
from billing.rules.rounding import percent as share_of_percent
from billing.rules.steps import Step, Value


def register(*, kind: str, base: int, on: date, tables: DatedTables, in_the_metropolis: bool = False) -> Assessed:
    """What an entry in a public register owes, in won: a rate on the value or claim, or a fixed sum for each entry.

    Where the rate gives less than the entry's own least sum, that sum is due. `in_the_metropolis`: thrice as much for a
    corporation that is founded in or moves to the capital (article 28 paragraph 2). Raises RateNotSourced.
    """
    row = row_of(tables.at("registration", on).body, kind, of="registration tax")
    if "sum" in row:
        tax: int = row["sum"]
        steps = [Step(code="registration_sum", article=row["article"], amount=tax)]
    else:
        tax = cut(base * share_of_percent(row["per_mille"]) / 10)
        values: dict[str, Value] = {"base": base, "per_mille": row["per_mille"]}
        steps = [Step(code="per_mille", article=row["article"], amount=tax, values=values)]
        if tax < row["least"]:
            tax = row["least"]
            steps.append(Step(code="at_least", article=row["article"], amount=tax))
    if in_the_metropolis:
        heavy = tables.at("registration_in_the_metropolis", on)
        if kind not in heavy.body["kinds"]:
            raise RateNotSourced(f"no rate of registration tax for {kind!r} of a corporation in the capital")
        tax *= heavy.body["times"]
        steps.append(Step(code="times", article=heavy.article, amount=tax, values={"times": heavy.body["times"]}))
    education = 0
    if row["education"]:
        education, step = surtax("registration_education", tax=tax, tables=tables, on=on)
        steps.append(step)
    return filed_return({"registration_licence": tax, EDUCATION: education}, tuple(steps))
