"""Whose advocate stands beside a petitioner, by which draw, and why: for the petitioner, the court and the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from accounts.selectors.officers import officer_facts
from appeals.advocate_states import Found, Left
from appeals.explain_advocate import WhyThisOne, why_this_one
from appeals.models import Advocacy, Advocate, AnotherAsked, Case, Draw, DrawCase
from appeals.states import RUNNING

MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Who it is, and how they are reached."""

    name: str
    phone: str
    room: str
    email: str


@dataclass(frozen=True, kw_only=True)
class DrawnFor:
    """A draw that a case was in; `why` once it was told."""

    draw_id: int
    mark: str
    found: str
    done_at: datetime | None
    why: WhyThisOne | None

    @property
    def label(self) -> str:
        return str(Found(self.found).label) if self.found else ""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """Somebody was the advocate until then."""

    ended_at: datetime
    why: str


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Who stands beside a petitioner. `asked_at`: when another was asked for."""

    advocate: Reach | None
    began_at: datetime | None
    draws: tuple[DrawnFor, ...]
    ended: tuple[Ended, ...]
    asked_at: datetime | None

    @property
    def may_ask(self) -> bool:
        return self.advocate is not None and self.asked_at is None

    @property
    def nobody(self) -> bool:
        """Nobody was free when it was last drawn."""
        return self.advocate is None and bool(self.draws) and self.draws[-1].found == Found.NOBODY


@dataclass(frozen=True, kw_only=True)
class Without:
    """A case for which nobody was free."""

    id: int
    number: str
    since: datetime


def beside_petitioner(*, case_id: int) -> Beside:
    """For the public face."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, room, email FROM appeals_advocate_of(%s)", [case_id])
        row = cursor.fetchone()
    found = Reach(name=row[0], phone=row[1], room=row[2], email=row[3]) if row else None
    return _beside(case_id, found)


def beside(*, case_id: int) -> Beside:
    """For the office."""
    current = Advocacy.objects.filter(case_id=case_id, ended_at=None).values_list("advocate_id", flat=True).first()
    officer = officer_facts(account_id=current) if current else None
    found = Reach(name=officer.name, phone="", room="", email=officer.email) if officer else None
    return _beside(case_id, found)


def reach_of(*, case_id: int) -> Reach | None:
    """For the worker's letters."""
    current = Advocacy.objects.filter(case_id=case_id, ended_at=None).values_list("advocate_id", flat=True).first()
    officer = officer_facts(account_id=current) if current else None
    if officer is None:
        return None
    known = Advocate.objects.get(pk=officer.account_id)
    return Reach(name=officer.name, phone=known.phone, room=known.room, email=officer.email)


def without_advocate() -> list[Without]:
    """Running cases of the officer's desk for which nobody was free when it was last drawn."""
    has = Advocacy.objects.filter(ended_at=None).values("case_id")
    running = Case.objects.filter(status__in=RUNNING).exclude(pk__in=has)
    rows = DrawCase.objects.filter(case__in=running).order_by("case_id", "-draw_id").distinct("case_id")
    fields = rows.values_list("case_id", "case__number", "found", "done_at")
    return [
        Without(id=case_id, number=number or "", since=done_at)
        for case_id, number, found, done_at in fields
        if found == Found.NOBODY and done_at is not None
    ][:MOST]


def _beside(case_id: int, advocate: Reach | None) -> Beside:
    rows = Advocacy.objects.filter(case_id=case_id).order_by("pk").values("began_at", "ended_at", "ended_why")
    return Beside(
        advocate=advocate,
        began_at=next((row["began_at"] for row in rows if row["ended_at"] is None), None),
        draws=tuple(_drawn(case_id)),
        ended=tuple(
            Ended(ended_at=row["ended_at"], why=str(Left(row["ended_why"]).label)) for row in rows if row["ended_at"]
        ),
        asked_at=AnotherAsked.objects.filter(case_id=case_id).values_list("at", flat=True).first(),
    )


def _drawn(case_id: int) -> list[DrawnFor]:
    rows = list(
        DrawCase.objects.filter(case_id=case_id).order_by("draw_id").values("draw_id", "mark", "found", "done_at")
    )
    draws = {draw.pk: draw for draw in Draw.objects.filter(pk__in=[row["draw_id"] for row in rows])}
    found = []
    for row in rows:
        draw = draws[row["draw_id"]]
        result: Mapping[str, str | None] | None = draw.result
        why = why_this_one(facts=draw.facts, result=result, mark=row["mark"]) if result is not None else None
        found.append(DrawnFor(why=why, **row))
    return found
