"""Examining a bill anew as a ruling ordered (재조사): the levying office in the session's name, then the worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from appeals.events import APPEAL_UPHELD
from appeals.models import Case, Reexamination
from appeals.services.asking import one
from appeals.services.carry_out import Decided, change_bill_as_decided
from appeals.services.desk import NotLinesOfTheBill, NotYoursToDo, StaleRuling
from appeals.services.follow import end_contest, enter, refusal_text
from appeals.services.intended import carry_out_review
from appeals.states import Event, How, Kind, Result, ResultStatus
from core import audit, outbox
from core.errors import Refusal

BY = "objection"
ARTICLES: Final = {Kind.OBJECTION: "제96조", Kind.PRE_ASSESSMENT: "제88조"}


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a re-examination found; `lines`: won by line id for a reduced bill."""

    result: Result
    reasons: str
    lines: Mapping[int, int] = field(default_factory=dict)


def write_result(*, case_id: int, found: Found, officer_id: int, at: datetime) -> None:
    """Write the result down, or anew until it is confirmed. Raises NotLinesOfTheBill, NotYoursToDo."""
    facts = {**found.__dict__, "lines": {str(line): won for line, won in found.lines.items()}}
    try:
        with transaction.atomic():
            made = one("SELECT appeals_write_reexamination(%s, %s, %s)", [case_id, json.dumps(facts), at])
            if made == "lines":
                raise NotLinesOfTheBill
            _done(made)
            _audit("reexamination_written", case_id, officer_id, result=found.result.value)
    except IntegrityError as error:
        if "appeals_reexamination_lines" in str(error):
            raise NotLinesOfTheBill from error
        raise


def confirm_result(*, case_id: int, sha256: str, officer_id: int, at: datetime) -> None:
    """A second officer confirms the result with that hash. Raises StaleRuling, NotYoursToDo."""
    with transaction.atomic():
        confirmed = one("SELECT appeals_confirm_reexamination(%s, %s, %s)", [case_id, sha256, at])
        if confirmed == "stale":
            raise StaleRuling
        _done(confirmed)
        _audit("reexamination_confirmed", case_id, officer_id)


def serve_result(*, case_id: int, how: How, tracking: str, on: date, officer_id: int, at: datetime) -> None:
    """Serve what was confirmed (송달); the worker then carries it out. Raises NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_serve_reexamination(%s, %s, %s, %s, %s)", [case_id, how, tracking, on, at]))
        _audit("reexamination_served", case_id, officer_id, how=how.value)


def carry_out_reexamination(*, case_id: int, at: datetime) -> None:
    """Worker: change the bill as the served result says and tell refunds of it. Done again it does nothing."""
    with transaction.atomic():
        found = Reexamination.objects.select_for_update().get(case_id=case_id)
        case = Case.objects.get(pk=case_id)
        if found.status != ResultStatus.SERVED or found.change_id is not None:
            return
        end_contest(case_id=case_id, at=at)
        decided = Decided(
            bill_id=case.bill_id,
            lines=None if found.result == Result.CANCELLED else found.lines,
            reason=f"재조사 결과 (지방세기본법 {ARTICLES[Kind(case.kind)]})",
            asked_by_id=found.written_by_id,
            decided_by_id=found.confirmed_by_id or 0,
        )
        if case.kind == Kind.PRE_ASSESSMENT:
            carry_out_review(case, None if found.result == Result.KEPT else decided, at=at)
            return
        if found.result == Result.KEPT:
            return
        try:
            with transaction.atomic():
                done = change_bill_as_decided(decided, at=at)
        except Refusal as refusal:
            enter(case, Event.NOT_CARRIED_OUT, at=at, text=refusal_text(refusal))
            return
        Reexamination.objects.filter(pk=found.pk, change=None).update(change_id=done.change_id)
        enter(case, Event.CARRIED_OUT, at=at)
        outbox.publish(APPEAL_UPHELD, change_id=done.change_id, final_on=found.served_on, by=BY)


def _done(answer: Any) -> None:
    if not answer:
        raise NotYoursToDo


def _audit(verb: str, case_id: int, officer_id: int, **details: Any) -> None:
    audit.record(action=f"appeal.{verb}", subject=f"case:{case_id}", actor_id=officer_id, details=details)
