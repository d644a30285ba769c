"""An advocate's papers, to each as far as the database lets them see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, Sum

from appeals.advocate_states import Partner, Work
from appeals.models import Advocacy, AdvocateBrief, AdvocateNote, Case, Talk, TimeSpent
from appeals.selectors import cases
from appeals.selectors.facts import CaseSummary
from appeals.states import RUNNING, Side

MOST: Final = 500
TALK: Final = ("id", "by_side", "text", "at")


@dataclass(frozen=True, kw_only=True)
class BriefShown:
    id: int
    text: str
    filed_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoteShown:
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LetterShown:
    """What one side wrote to the other."""

    id: int
    by_side: str
    text: str
    at: datetime

    @property
    def by(self) -> str:
        return str(Side(self.by_side).label)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the levying office was asked, and its reply."""

    id: int
    text: str
    at: datetime
    reply: LetterShown | None


@dataclass(frozen=True, kw_only=True)
class Spent:
    day: date
    minutes: int
    work: str

    @property
    def label(self) -> str:
        return str(Work(self.work).label)


@dataclass(frozen=True, kw_only=True)
class Papers:
    """All that the advocate of a case has; `minutes` in sum."""

    draft: str
    saved_at: datetime | None
    briefs: tuple[BriefShown, ...]
    notes: tuple[NoteShown, ...]
    letters: tuple[LetterShown, ...]
    questions: tuple[Question, ...]
    spent: tuple[Spent, ...]
    minutes: int


@dataclass(frozen=True, kw_only=True)
class OnDesk:
    """A case on an advocate's desk. `unanswered`: the petitioner wrote last; `open_questions`: replies that the office
    owes."""

    case: CaseSummary
    unanswered: bool
    open_questions: int
    minutes: int


def own_desk(*, officer_id: int, at: datetime) -> list[OnDesk]:
    """The cases whose advocate the signed-in officer is; those that run first."""
    rows = dict(
        Advocacy.objects.filter(advocate_id=officer_id, ended_at=None)
        .values_list("case_id", "pk")
        .order_by("pk")[:MOST]
    )
    found = [_on_desk(one, rows[one.id]) for one in cases.some(list(rows), at=at)]
    return sorted(found, key=lambda one: not one.case.running)


def is_advocate(*, case_id: int, officer_id: int) -> bool:
    """Whether the signed-in officer is the case's advocate now."""
    return Advocacy.objects.filter(case_id=case_id, advocate_id=officer_id, ended_at=None).exists()


def papers_of(*, case_id: int, officer_id: int) -> Papers:
    """For the case's advocate."""
    (advocacy,) = Advocacy.objects.filter(case_id=case_id, advocate_id=officer_id, ended_at=None).values_list(
        "pk", flat=True
    )
    draft = AdvocateBrief.objects.filter(advocacy_id=advocacy, filed_at=None).values("text", "saved_at").first()
    spent = TimeSpent.objects.filter(advocacy_id=advocacy).order_by("-day", "-pk").values("day", "minutes", "work")
    notes = AdvocateNote.objects.filter(advocacy_id=advocacy).order_by("-pk").values("text", "at")
    return Papers(
        draft=draft["text"] if draft else "",
        saved_at=draft["saved_at"] if draft else None,
        briefs=tuple(filed_briefs(case_id=case_id)),
        notes=tuple(NoteShown(**row) for row in notes[:MOST]),
        letters=tuple(letters_of(case_id=case_id)),
        questions=tuple(questions_of(case_id=case_id)),
        spent=tuple(Spent(**row) for row in spent[:MOST]),
        minutes=TimeSpent.objects.filter(advocacy_id=advocacy).aggregate(sum=Sum("minutes"))["sum"] or 0,
    )


def filed_briefs(*, case_id: int) -> list[BriefShown]:
    """What was filed in a case, for petitioner, advocate and court."""
    own = Advocacy.objects.filter(case_id=case_id).values("pk")
    rows = AdvocateBrief.objects.filter(advocacy__in=own, filed_at__isnull=False).order_by("filed_at", "pk")
    fields = rows.values_list("id", "text", "filed_at")
    return [BriefShown(id=pk, text=text, filed_at=filed_at) for pk, text, filed_at in fields if filed_at is not None]


def letters_of(*, case_id: int) -> list[LetterShown]:
    """Between petitioner and advocate; an advocate sees those of their own time."""
    own = Advocacy.objects.filter(case_id=case_id).values("pk")
    rows = Talk.objects.filter(advocacy__in=own, partner=Partner.PETITIONER).order_by("pk")
    return [LetterShown(**row) for row in rows.values(*TALK)[:MOST]]


def questions_of(*, case_id: int) -> list[Question]:
    """Between advocate and levying office, for those two."""
    own = Advocacy.objects.filter(case_id=case_id).values("pk")
    rows = list(
        Talk.objects.filter(advocacy__in=own, partner=Partner.OFFICE).order_by("pk").values(*TALK, "answers_id")
    )
    replies = {
        row["answers_id"]: LetterShown(**{name: row[name] for name in TALK})
        for row in rows
        if row["answers_id"] is not None
    }
    return [
        Question(id=row["id"], text=row["text"], at=row["at"], reply=replies.get(row["id"]))
        for row in rows
        if row["answers_id"] is None
    ]


def open_questions(*, at: datetime) -> list[CaseSummary]:
    """Running cases in which the officer's office owes an advocate a reply."""
    asked = Talk.objects.filter(partner=Partner.OFFICE, by_side=Side.ADVOCATE, answer=None)
    ids = Case.objects.filter(advocacies__in=asked.values("advocacy_id"), status__in=RUNNING).distinct()
    return cases.some(list(ids.values_list("pk", flat=True)[:MOST]), at=at)


def _on_desk(case: CaseSummary, advocacy: int) -> OnDesk:
    letters = Talk.objects.filter(advocacy_id=advocacy)
    last = letters.filter(partner=Partner.PETITIONER).order_by("-pk").values_list("by_side", flat=True).first()
    waits = Q(partner=Partner.OFFICE, by_side=Side.ADVOCATE, answer=None)
    return OnDesk(
        case=case,
        unanswered=last == Side.PETITIONER,
        open_questions=letters.filter(waits).count(),
        minutes=TimeSpent.objects.filter(advocacy_id=advocacy).aggregate(sum=Sum("minutes"))["sum"] or 0,
    )
