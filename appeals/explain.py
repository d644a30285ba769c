"""Deadlines and their steps as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from appeals.rules.clocks import Deadline
from billing.explain import article_text
from billing.rules.steps import Step, Value

DEADLINES: Final = {
    "file": _("Last day to contest the bill"),
    "object": _("Last day to object to the fine"),
    "answer": _("The levying office answers by"),
    "correct": _("The petition is mended by"),
    "decide": _("Decided by"),
    "tribunal": _("The Tax Tribunal is open until"),
    "reexamine": _("Examined anew by"),
    "notify": _("Told of the hearing by"),
    "counsel": _("The request is answered by"),
    "hearing": _("Hearing on"),
}
STEPS: Final = {
    "days_after": _("%(days)s days after %(of)s: %(day)s"),
    "days_before": _("%(days)s days before %(of)s: %(day)s"),
    "not_counted": _("%(days)s days for mending, from %(from)s to %(until)s, don't count"),
    "day_of_rest": _("%(day)s is a day of rest: %(last)s"),
}
DAYS: Final = frozenset({"of", "day", "last", "from", "until"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """A step and its article."""

    text: str
    article: str


@dataclass(frozen=True, kw_only=True)
class DeadlineSaid:
    """A deadline as a page shows it; `left` days from today, below zero when it has passed."""

    code: str
    label: str
    last_day: date
    left: int
    steps: tuple[Said, ...]

    @property
    def passed(self) -> bool:
        return self.left < 0


def said(deadlines: Iterable[Deadline], *, today: date) -> list[DeadlineSaid]:
    return [
        DeadlineSaid(
            code=one.code,
            label=str(DEADLINES[one.code]),
            last_day=one.last_day,
            left=one.left(today),
            steps=tuple(_said(step) for step in one.steps),
        )
        for one in deadlines
    ]


def _said(step: Step) -> Said:
    return Said(text=str(STEPS[step.code]) % _shown(step.values), article=article_text(step.article))


def _shown(values: Mapping[str, Value]) -> dict[str, Value]:
    return {
        name: date_format(date.fromisoformat(str(value)), "DATE_FORMAT") if name in DAYS else value
        for name, value in values.items()
    }
