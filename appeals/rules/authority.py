"""Who hears an objection (이의신청기관): the mayor or the head of a district, by the tax. Framework Act, article 90."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.rules.dated import DatedTables


class NotHeardHere(LookupError):
    """No authority of the city hears objections about this: it is no local tax, or its article was not read."""

    def __init__(self, tax: str) -> None:
        super().__init__(f"nobody here hears objections about {tax!r}")
        self.tax = tax


@dataclass(frozen=True, kw_only=True)
class Authority:
    """`level`: `city` (시장) or `district` (구청장)."""

    level: str
    article: str


def authority_of(*, tax: str, on: date, tables: DatedTables, review: bool = False) -> Authority:
    """Who hears an objection about a bill whose first line is this tax, filed on a day. Raises NotHeardHere.

    What is levied beside it (local education tax, the urban-area part) is heard with it. `review`: a pre-assessment
    review (article 88) instead of an objection.
    """
    table = tables.at("review_authority" if review else "appeal_authority", on)
    for level in ("city", "district"):
        if tax in table.body[level]:
            return Authority(level=level, article=table.article)
    raise NotHeardHere(tax)
