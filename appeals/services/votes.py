"""Deliberation, votes and signatures, in the name of the member whose session it is. Office only.

The audit trail, which auditors read, says that a member signed; not that, nor how, they voted or what they wrote.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from appeals.services.asking import one
from appeals.services.desk import StaleRuling
from appeals.states import Outcome
from core import audit
from core.errors import Refusal


class NotAtTheTable(Refusal):
    message = _("You are not at the table for this case, or it is not the time for this. Look at the case again.")


class NoQuorum(Refusal):
    message = _(
        "There is no quorum: more than half of the seats must be at the table. Who is excluded, was challenged with "
        "success or stepped aside does not count."
    )


class ChallengeWaits(Refusal):
    message = _("A challenge of the petitioner waits to be decided first.")


def open_tally(*, case_id: int, at: datetime) -> None:
    """Who presides opens a round of voting (표결). Raises NoQuorum, ChallengeWaits, NotAtTheTable."""
    done = one("SELECT appeals_open_tally(%s, %s)", [case_id, at])
    if done == "quorum":
        raise NoQuorum
    if done == "challenge":
        raise ChallengeWaits
    _done(done)


def vote(*, case_id: int, outcome: Outcome, at: datetime) -> None:
    """Vote, or anew until the round is closed. Raises NotAtTheTable."""
    _done(one("SELECT appeals_vote(%s, %s, %s)", [case_id, outcome.value, at]))


def close_tally(*, case_id: int, at: datetime) -> str:
    """Close the round: the outcome that more than half of those at the table are for, or "". Raises NotAtTheTable."""
    carried = one("SELECT appeals_close_tally(%s, %s)", [case_id, at])
    if carried is None:
        raise NotAtTheTable
    return str(carried)


def write_note(*, case_id: int, text: str, at: datetime) -> None:
    """Write something for the other members (심의 기록). Raises NotAtTheTable."""
    _done(one("SELECT appeals_write_note(%s, %s, %s)", [case_id, text, at]))


def name_drafter(*, case_id: int, member_id: int | None) -> None:
    """Who presides names the member who drafts the ruling; None: the clerk does. Raises NotAtTheTable."""
    _done(one("SELECT appeals_name_drafter(%s, %s)", [case_id, member_id]))


def sign_as_member(*, case_id: int, sha256: str, officer_id: int, at: datetime) -> None:
    """A member who decided signs what they read (서명). Raises StaleRuling, NotAtTheTable."""
    with transaction.atomic():
        done = one("SELECT appeals_sign_as_member(%s, %s, %s)", [case_id, sha256, at])
        if done == "stale":
            raise StaleRuling
        _done(done)
        audit.record(action="appeal.member_signed", subject=f"case:{case_id}", actor_id=officer_id)


def note_unable(*, case_id: int, member_id: int, why: str, officer_id: int, at: datetime) -> None:
    """Who seals notes why a member who decided can't sign. Raises NotAtTheTable."""
    with transaction.atomic():
        _done(one("SELECT appeals_note_unable(%s, %s, %s, %s)", [case_id, member_id, why, at]))
        audit.record(
            action="appeal.member_unable",
            subject=f"case:{case_id}",
            actor_id=officer_id,
            details={"member": member_id},
        )


def _done(answer: object) -> None:
    if not answer:
        raise NotAtTheTable
