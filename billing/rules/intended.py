"""A bill that was noticed before it was assessed (과세예고): its sums are what the office wrote into the notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billing.rules.assessed import Assessed, Line
from billing.rules.steps import Step

RULES: Final = "intended"


def assess_intended(facts: Mapping[str, Any]) -> Assessed:
    """Lines in won as they were noticed, with the article that the tax rests on and the office's reasons.

    >>> lines = [{"tax": "leisure", "amount": 400_000}]
    >>> facts = {"lines": lines, "article": "지방세법 제40조", "notice": "N", "basis": ""}
    >>> assess_intended(facts).total
    400000
    """
    lines = tuple(Line(tax=str(one["tax"]), amount=int(one["amount"])) for one in facts["lines"])
    values = {"notice": str(facts["notice"]), "basis": str(facts["basis"])}
    total = sum(line.amount for line in lines)
    step = Step(code="intended", article=str(facts["article"]), amount=total, values=values)
    return Assessed(lines=lines, steps=(step,))
