"""What clerk, levying office and chair do with a case, in the name of the session's officer. Office only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from appeals.rules.clocks import ShorterWithoutConsent
from appeals.selectors.clocks import clocks
from appeals.services.asking import one
from appeals.states import How, Outcome
from core import audit, clock
from core.errors import Refusal


class NotYoursToDo(Refusal):
    message = _(
        "This can't be done any more, or another officer has to do it: nobody acts in their own or a relative's file. "
        "Look at the case again."
    )


class TooFewDays(Refusal):
    message = _("The law leaves 20 days to mend a petition. Fewer are possible only if the petitioner agreed.")


class NotCarried(Refusal):
    message = _("The committee has not voted for this. Only what is dismissed is decided without its vote.")


class TribunalSeized(Refusal):
    message = _("The Tax Tribunal was seized before this was filed, so it can only be dismissed (article 96).")


class SignaturesWanted(Refusal):
    message = _("Every member who decided signs first, or it is noted why somebody can't.")


class NotLinesOfTheBill(Refusal):
    message = _("Enter for each tax of the bill what it comes to, no more than it asks now, and at least one less.")


class StaleRuling(Refusal):
    message = _("The draft was written anew meanwhile. Read it again before you sign.")


@dataclass(frozen=True, kw_only=True)
class Says:
    """A ruling as it is written down; `lines`: won by line id for a corrected bill."""

    outcome: Outcome
    reasons: str
    lines: Mapping[int, int] = field(default_factory=dict)


def ask_to_mend(*, case_id: int, text: str, days: int | None, agreed: bool, officer_id: int, at: datetime) -> None:
    """Ask the petitioner to mend the petition (보정), within fewer days than 20 only if they agreed.

    Raises TooFewDays, NotYoursToDo.
    """
    try:
        due = clocks(at).to_correct(asked=clock.local_date(at), days=days, agreed=agreed).last_day
    except ShorterWithoutConsent:
        raise TooFewDays from None
    with transaction.atomic():
        answer = one("SELECT appeals_ask_mending(%s, %s, %s, %s, %s)", [case_id, due, agreed, text, at])
        if answer == "short":
            raise TooFewDays
        _done(answer)
        _audit("mending_asked", case_id, officer_id)


def answer(*, case_id: int, text: str, officer_id: int, at: datetime) -> None:
    """The levying office says why it levied (처분청 의견), once. Raises NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_answer(%s, %s, %s)", [case_id, text, at]))
        _audit("answered", case_id, officer_id)


def forward(*, case_id: int, to: str, reason: str, officer_id: int, at: datetime) -> None:
    """Pass a case on to the authority that hears it (이송). Raises NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_forward(%s, %s, %s, %s)", [case_id, to, reason, at]))
        _audit("forwarded", case_id, officer_id, to=to)


def take_longer(*, case_id: int, text: str, officer_id: int, at: datetime) -> None:
    """Tell the petitioner once that a review takes up to 30 days longer (심사기간 연장). Raises NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_take_longer(%s, %s, %s)", [case_id, text, at]))
        _audit("takes_longer", case_id, officer_id)


def draft_ruling(*, case_id: int, says: Says, officer_id: int, at: datetime) -> None:
    """Write a ruling down, or anew: the clerk, or the member who was named for it. How many were there and for it, the
    database reads from the votes. Raises NotCarried, TribunalSeized, NotLinesOfTheBill, NotYoursToDo."""
    facts = {**says.__dict__, "lines": {str(line): won for line, won in says.lines.items()}}
    try:
        with transaction.atomic():
            made = one("SELECT appeals_draft_ruling(%s, %s, %s)", [case_id, json.dumps(facts), at])
            if made == "vote":
                raise NotCarried
            if made == "lines":
                raise NotLinesOfTheBill
            if made == "seized":
                raise TribunalSeized
            _done(made)
            _audit("ruling_drafted", case_id, officer_id, outcome=says.outcome.value)
    except IntegrityError as error:
        if "appeals_ruling_lines" in str(error):
            raise NotLinesOfTheBill from error
        raise


def sign_ruling(*, case_id: int, sha256: str, officer_id: int, at: datetime) -> None:
    """Set the seal under the draft with that hash; what is dismissed without a vote, the chair signs alone.

    Raises StaleRuling, SignaturesWanted, NotYoursToDo.
    """
    with transaction.atomic():
        signed = one("SELECT appeals_sign(%s, %s, %s)", [case_id, sha256, at])
        if signed == "stale":
            raise StaleRuling
        if signed == "unsigned":
            raise SignaturesWanted
        _done(signed)
        _audit("ruling_signed", case_id, officer_id)


def serve_ruling(*, case_id: int, how: How, tracking: str, on: date, officer_id: int, at: datetime) -> None:
    """Serve what was signed (송달); the worker then carries it out. Raises NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_serve(%s, %s, %s, %s, %s)", [case_id, how, tracking, on, at]))
        _audit("ruling_served", case_id, officer_id, how=how.value)


def _done(answer: Any) -> None:
    if not answer:
        raise NotYoursToDo


def _audit(verb: str, case_id: int, officer_id: int, **details: Any) -> None:
    """Who did what; what was said stands in the docket, and not where auditors read it."""
    audit.record(action=f"appeal.{verb}", subject=f"case:{case_id}", actor_id=officer_id, details=details)
