"""A hearing as it runs, in the name of the session's clerk; its minutes, signed off by the chair. Office only."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appeals.services.asking import one
from appeals.services.desk import NotYoursToDo
from appeals.states import Happening, Presence, Speaker
from core import audit
from core.errors import Refusal


class NotYet(Refusal):
    message = _("The day of this sitting is still to come.")


class AttendanceFirst(Refusal):
    message = _("Note first who came: the petitioner, and the officer who levied, also where they did not come.")


class RoomIsBusy(Refusal):
    message = _("Another case is being heard in this room. End or adjourn it first.")


class NoQuorum(Refusal):
    message = _("Of the panel no more than half of the seats are at the table. Note on the panel's page who is there.")


class NoRemoteThere(Refusal):
    message = _("This room has no sight and sound from afar, or the hearing is over.")


class StaleMinutes(Refusal):
    message = _(
        "Somebody wrote another version of the minutes meanwhile. Read it first; what you typed is still below."
    )


REFUSALS: Final[dict[str, type[Refusal]]] = {
    "early": NotYet,
    "attendance": AttendanceFirst,
    "busy": RoomIsBusy,
    "quorum": NoQuorum,
    "stale": StaleMinutes,
}


def note_attendance(*, slot_id: int, side: Speaker, presence: Presence, text: str, at: datetime) -> None:
    """Who came (출석), in the room or from afar, or did not. Raises NotYet, NotYoursToDo."""
    _note(slot_id, Happening.ATTENDS, side=side, presence=presence, text=text, at=at)


def note_statement(*, slot_id: int, side: Speaker, text: str, at: datetime) -> None:
    """What somebody said (진술). Raises NotYoursToDo where the case is not being heard."""
    _note(slot_id, Happening.SAID, side=side, text=text, at=at)


def begin_hearing(*, slot_id: int, officer_id: int, at: datetime) -> None:
    """Raises NotYet, AttendanceFirst, RoomIsBusy, NoQuorum, NotYoursToDo."""
    _note(slot_id, Happening.BEGUN, at=at)
    _audit("begun", slot_id, officer_id)


def end_hearing(*, slot_id: int, officer_id: int, at: datetime) -> None:
    """Raises NotYoursToDo."""
    _note(slot_id, Happening.ENDED, at=at)
    _audit("ended", slot_id, officer_id)


def adjourn_hearing(*, slot_id: int, reason: str, officer_id: int, at: datetime) -> None:
    """Adjourn to another day (속행, 연기), begun or not; that day comes out of the calendar. Raises NotYoursToDo."""
    _note(slot_id, Happening.ADJOURNED, text=reason, at=at)
    _audit("adjourned", slot_id, officer_id)


def set_link(*, slot_id: int, link: str, at: datetime) -> None:
    """Where the parties attend from afar; they are told that it is there. Raises NoRemoteThere."""
    if not one("SELECT appeals_set_link(%s, %s, %s)", [slot_id, link, at]):
        raise NoRemoteThere


def write_minutes(*, slot_id: int, text: str, believed: int, at: datetime) -> None:
    """A further version of the minutes (조서); `believed` is the one that was read, 0 for none.

    Raises StaleMinutes, NotYoursToDo.
    """
    _done(one("SELECT appeals_write_minutes(%s, %s, %s, %s)", [slot_id, text, believed, at]))


def sign_minutes(*, minutes_id: int, officer_id: int, at: datetime) -> None:
    """Sign the newest version off; whoever wrote it can't. Raises StaleMinutes, NotYoursToDo."""
    with transaction.atomic():
        _done(one("SELECT appeals_sign_minutes(%s, %s)", [minutes_id, at]))
        audit.record(action="appeal.minutes_signed", subject=f"minutes:{minutes_id}", actor_id=officer_id)


def _note(
    slot_id: int,
    what: Happening,
    *,
    at: datetime,
    side: Speaker | None = None,
    presence: Presence | None = None,
    text: str | Promise = "",
) -> None:
    values = [slot_id, what, side or "", presence or "", text, at]
    try:
        with transaction.atomic():
            _done(one("SELECT appeals_note(%s, %s, %s, %s, %s, %s)", values))
    except IntegrityError as error:  # two clerks began a case each in one room
        raise RoomIsBusy from error


def _done(answer: str | None) -> None:
    if answer is None:
        raise NotYoursToDo
    if answer in REFUSALS:
        raise REFUSALS[answer]


def _audit(verb: str, slot_id: int, officer_id: int) -> None:
    audit.record(action=f"appeal.hearing_{verb}", subject=f"hearing:{slot_id}", actor_id=officer_id)
