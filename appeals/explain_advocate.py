"""Why a draw gave a case this advocate and no other, as sentences in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext, ngettext, ngettext_lazy

from appeals.advocate_states import LEVELS
from appeals.rules import advocates
from appeals.rules.advocates import Bar, Because

# Why not the others, the gravest first; of each how many.
OTHERS: Final[Mapping[Bar | Because, Any]] = {
    Bar.TOUCHED: ngettext_lazy(
        "%(many)d had worked on your bill, and may not.", "%(many)d had worked on your bill, and may not.", "many"
    ),
    Bar.TEAM: ngettext_lazy(
        "%(many)d works in the team that levied it.", "%(many)d work in the team that levied it.", "many"
    ),
    Bar.DISTRICT: ngettext_lazy(
        "%(many)d is given no cases of the district that levied it.",
        "%(many)d are given no cases of the district that levied it.",
        "many",
    ),
    Bar.CONFLICT: ngettext_lazy(
        "%(many)d is not free towards the petitioner.", "%(many)d are not free towards the petitioner.", "many"
    ),
    Bar.REFUSED: ngettext_lazy(
        "%(many)d was to be spared, as the petitioner asked.",
        "%(many)d were to be spared, as the petitioner asked.",
        "many",
    ),
    Bar.ABSENT: ngettext_lazy(
        "%(many)d is absent in the first weeks.", "%(many)d are absent in the first weeks.", "many"
    ),
    Bar.ELSEWHERE: ngettext_lazy(
        "%(many)d is in another room, or away, when your case is heard.",
        "%(many)d are in another room, or away, when your case is heard.",
        "many",
    ),
    Because.CLASH: ngettext_lazy(
        "%(many)d was given another case that is heard at the same time.",
        "%(many)d were given another case that is heard at the same time.",
        "many",
    ),
    Because.FULL: ngettext_lazy(
        "%(many)d has as many cases as they can.", "%(many)d have as many cases as they can.", "many"
    ),
    Because.EXPERTISE: ngettext_lazy("%(many)d knows this tax less well.", "%(many)d know this tax less well.", "many"),
    Because.LOAD: ngettext_lazy("%(many)d has more to do.", "%(many)d have more to do.", "many"),
    Because.LOT: ngettext_lazy(
        "%(many)d was as good in every respect: the drawn lot decided.",
        "%(many)d were as good in every respect: the drawn lot decided.",
        "many",
    ),
}


@dataclass(frozen=True, kw_only=True)
class WhyThisOne:
    """`chosen`: about who was drawn, empty where nobody was free; `others`: about everybody else, by reason."""

    chosen: str
    others: tuple[str, ...]


def why_this_one(*, facts: Mapping[str, Any], result: Mapping[str, str | None], mark: str) -> WhyThisOne:
    """Out of what was published of a draw. Raises KeyError for a case that was not in it."""
    everybody = advocates.explain(assignment=advocates.told(facts, result), case=mark)
    many = Counter(one.reason for one in everybody if one.reason is not None)
    first = next((one for one in everybody if one.chosen), None)
    chosen = ""
    if first is not None:
        text = ngettext(
            "Out of %(pool)d who are in the pool this one was drawn: they know this tax %(level)s, and have %(cases)d "
            "case with yours.",
            "Out of %(pool)d who are in the pool this one was drawn: they know this tax %(level)s, and have %(cases)d "
            "cases with yours.",
            first.cases,
        )
        chosen = text % {"pool": len(everybody), "level": str(dict(LEVELS)[first.level]), "cases": first.cases}
    others = tuple(str(OTHERS[reason] % {"many": many[reason]}) for reason in OTHERS if many[reason])
    return WhyThisOne(chosen=chosen, others=others or (gettext("There was nobody else."),))
