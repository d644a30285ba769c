"""The steps of a refund as sentences, in the reader's language; interest reads as it does on a bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing import explain
from billing.explain import Sentence, article_text
from billing.rules.steps import Step, Value

STEPS: Final = {
    "set_off": _("Paid another bill as of %(as_of)s, when both claims existed"),
    "refund_first_day": _("%(base)s won, paid on %(paid)s: interest from %(first)s to %(until)s"),
    "refund_no_days": _("%(base)s won, paid on %(paid)s: no day has passed for which interest is due"),
    "no_tax": _("Money that paid no tax bears no interest"),
    "no_interest": _("A correction on a complaint bears no interest"),
}
# What bears the plain rate needs no word of how many times it is.
ONCE: Final = _("Interest: %(percent)s%% a year of %(base)s won for %(days)s days")
DAYS: Final = frozenset({"as_of", "paid", "first", "until"})


def sentences(steps: Iterable[Step]) -> list[Sentence]:
    found = []
    for step in steps:
        text = ONCE if step.code == "refund_interest" and step.values["times"] == "1" else STEPS.get(step.code)
        if text is not None:
            values = {name: _read_aloud(name, value) for name, value in step.values.items()}
            found.append(Sentence(str(text) % values, article_text(step.article), step.amount))
        else:
            found += explain.sentences([step])
    return found


def _read_aloud(name: str, value: Value) -> str:
    if name in DAYS:
        return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    return f"{value:,}" if name == "base" else str(value)


def kept(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as a refund keeps them."""
    return [
        {"code": step.code, "article": step.article, "amount": step.amount, "values": dict(step.values)}
        for step in steps
    ]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    return [Step(code=row["code"], article=row["article"], amount=row["amount"], values=row["values"]) for row in rows]
