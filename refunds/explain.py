"""The steps of a refund as sentences, in the reader's language; interest reads as it does on a bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from billing import explain
from billing.explain import Sentence, article_text
from billing.rules.steps import Step

STEPS: Final = {
    "set_off": _("Paid another bill as of %(as_of)s, when both claims existed"),
    "refund_first_day": _("%(base)s won, paid on %(paid)s: interest from %(first)s to %(until)s"),
    "no_interest": _("A correction on a complaint bears no interest"),
}


def sentences(steps: Iterable[Step]) -> list[Sentence]:
    found = []
    for step in steps:
        if step.code in STEPS:
            values = {name: f"{v:,}" if name == "base" else v for name, v in step.values.items()}
            found.append(Sentence(str(STEPS[step.code]) % values, article_text(step.article), step.amount))
        else:
            found += explain.sentences([step])
    return found


def kept(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as a refund keeps them."""
    return [
        {"code": step.code, "article": step.article, "amount": step.amount, "values": dict(step.values)}
        for step in steps
    ]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    return [Step(code=row["code"], article=row["article"], amount=row["amount"], values=row["values"]) for row in rows]
