"""Published decisions as anybody reads them. They lead back to no case and to nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import get_language

from appeals.decision_states import DecisionGround
from appeals.models import Publication
from appeals.rules.words import is_korean, stems_of, words_of
from appeals.states import UPHELD, Outcome, Wish

ON_A_PAGE: Final = 20
FIELDS: Final = (
    *("year", "number", "version", "tax", "tax_ko", "tax_en", "ground", "outcome", "wish", "decided_year"),
    *("gist_ko", "gist_en", "claims", "reasons", "history", "published_on"),
)


@dataclass(frozen=True, kw_only=True)
class Former:
    """A version that a later one replaced."""

    version: int
    published_on: date
    replaced_on: date
    because: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The last version of a published decision."""

    year: int
    number: int
    version: int
    tax: str
    tax_ko: str
    tax_en: str
    ground: str
    outcome: str
    wish: str
    decided_year: int
    gist_ko: str
    gist_en: str
    claims: str
    reasons: str
    history: Sequence[Mapping[str, Any]]
    published_on: date

    @property
    def name(self) -> str:
        """As it is cited."""
        return f"{self.year}-{self.number}"

    @property
    def gist(self) -> str:
        korean = (get_language() or "ko").startswith("ko")
        return self.gist_ko if korean or not self.gist_en else self.gist_en

    @property
    def ground_label(self) -> str:
        return str(DecisionGround(self.ground).label)

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def wish_label(self) -> str:
        return str(Wish(self.wish).label)

    @property
    def colour(self) -> str:
        return "success" if self.outcome in UPHELD else "gray"

    @property
    def formers(self) -> list[Former]:
        """The newest first."""
        return [
            Former(
                version=one["version"],
                published_on=date.fromisoformat(one["published_on"]),
                replaced_on=date.fromisoformat(one["replaced_on"]),
                because=one["because"],
            )
            for one in reversed(self.history)
        ]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for; empty: everything."""

    words: str = ""
    tax: str = ""
    ground: str = ""
    outcome: str = ""
    year: int | None = None


def find(wanted: Wanted, *, page: str | int = 1) -> Page[dict[str, Any]]:
    """A page of decisions, the newest first; `shown` makes them readable."""
    rows = Publication.objects.filter(replaced_on=None)
    if wanted.tax:
        rows = rows.filter(tax=wanted.tax)
    if wanted.ground:
        rows = rows.filter(ground=wanted.ground)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.year:
        rows = rows.filter(decided_year=wanted.year)
    rows = _with_words(rows, wanted.words)
    return Paginator(rows.order_by("-year", "-number").values(*FIELDS), ON_A_PAGE).get_page(page)


def shown(page: Page[dict[str, Any]]) -> list[Decision]:
    return [Decision(**row) for row in page.object_list]


def decision(*, year: int, number: int) -> Decision | None:
    """The version that stands."""
    row = Publication.objects.filter(year=year, number=number, replaced_on=None).values(*FIELDS).first()
    return Decision(**row) if row else None


def taxes() -> list[tuple[str, str]]:
    """Of what there are decisions: code and name."""
    name = "tax_ko" if (get_language() or "ko").startswith("ko") else "tax_en"
    rows = Publication.objects.filter(replaced_on=None).order_by(name).values_list("tax", name).distinct()
    return [(code, label) for code, label in rows]


def years() -> list[int]:
    """In which something was decided that is published, the last first."""
    rows = Publication.objects.filter(replaced_on=None).order_by("-decided_year")
    return list(rows.values_list("decided_year", flat=True).distinct())


def told(found: Decision) -> dict[str, Any]:
    """A decision for machines; days as ISO 8601."""
    facts = {name: getattr(found, name) for name in FIELDS if name not in ("tax", "tax_ko", "tax_en", "published_on")}
    return {
        "cite": found.name,
        **facts,
        "tax": {"code": found.tax, "ko": found.tax_ko, "en": found.tax_en},
        "published_on": found.published_on.isoformat(),
    }


def _with_words(rows: QuerySet[Publication], typed: str) -> QuerySet[Publication]:
    """Those in which every word stands: a Korean one by its morphemes or beginning, another as English has it."""
    for word in words_of(typed):
        rows = rows.filter(words=_korean(word) if is_korean(word) else _other(word))
    return rows


def _korean(word: str) -> SearchQuery:
    begins = _begins(word)
    stems = [_begins(stem) if is_korean(stem) else _other(stem) for stem in stems_of(word)]
    return begins | reduce(lambda one, other: one & other, stems) if stems else begins


def _other(word: str) -> SearchQuery:
    return _begins(word) | SearchQuery(word, config="english")


def _begins(word: str) -> SearchQuery:
    """One syllable begins too much: it is looked for as it is. `word` is letters and digits only."""
    return SearchQuery(f"'{word}'" + (":*" if len(word) > 1 else ""), config="simple", search_type="raw")
