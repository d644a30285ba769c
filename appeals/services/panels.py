"""Panels in the name of the session's officer: called, who came, seats given up, cases taken off. Office only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from appeals.services.asking import one
from core import audit
from core.errors import Refusal


class UnableToCallPanel(Refusal):
    message = _("No panel can be called for this day: it is over, or another clerk keeps this committee.")


class PanelHasNoSuchSeats(Refusal):
    message = _("A panel has 11 or 9 seats.")


class CasesNotFree(Refusal):
    message = _("Choose cases that are pending here and before no other panel. Look at the list again.")


class RoomTaken(Refusal):
    message = _("Another panel sits in this room then.")


class NotNow(Refusal):
    message = _("This can't be done now, or another officer has to do it. Look at the panel again.")


def call_panel(
    *, body: str, day: date, part: str, room: str, seats: int, case_ids: Sequence[int], officer_id: int, at: datetime
) -> int:
    """Call a panel over cases; the worker has it drawn. `seats`: chair and vice-chair included.

    Raises UnableToCallPanel, PanelHasNoSuchSeats, CasesNotFree, RoomTaken.
    """
    try:
        with transaction.atomic():
            values = [body, day, part, room, seats, list(case_ids), at]
            made = one("SELECT appeals_call_panel(%s, %s, %s, %s, %s::smallint, %s::bigint[], %s)", values)
            if made is None:
                raise UnableToCallPanel
            if made in ("seats", "cases"):
                raise PanelHasNoSuchSeats if made == "seats" else CasesNotFree
            _audit("panel_called", int(made), officer_id, day=day.isoformat(), cases=list(case_ids))
    except IntegrityError as error:
        if "appeals_panel_one_a_room" in str(error):
            raise RoomTaken from error
        if "appeals_listed_once" in str(error):
            raise CasesNotFree from error
        raise
    return int(made)


def call_panel_for(*, session_id: int, seats: int, officer_id: int, at: datetime) -> int:
    """Call a panel for a session of the calendar, over its cases; or have cases that came later join the one that was.

    Raises UnableToCallPanel, PanelHasNoSuchSeats, CasesNotFree, RoomTaken.
    """
    try:
        with transaction.atomic():
            made = one("SELECT appeals_call_panel_for(%s, %s::smallint, %s)", [session_id, seats, at])
            if made is None:
                raise UnableToCallPanel
            if made in ("seats", "cases"):
                raise PanelHasNoSuchSeats if made == "seats" else CasesNotFree
            _audit("panel_called", int(made), officer_id, session=session_id)
    except IntegrityError as error:
        if "appeals_panel_one_a_room" in str(error):
            raise RoomTaken from error
        raise
    return int(made)


def note_attendance(*, panel_id: int, member_ids: Sequence[int], officer_id: int, at: datetime) -> None:
    """Who is there now (출석): who is not named any more went. Raises NotNow."""
    with transaction.atomic():
        _done(one("SELECT appeals_note_attendance(%s, %s::bigint[], %s)", [panel_id, list(member_ids), at]))
        _audit("attendance_noted", panel_id, officer_id, there=sorted(member_ids))


def give_up_seat(*, panel_id: int, member_id: int, reason: str, officer_id: int, at: datetime) -> None:
    """Somebody who was drawn can't come: the next of the order takes the seat, nobody else moves. Raises NotNow."""
    with transaction.atomic():
        _done(one("SELECT appeals_give_up_seat(%s, %s, %s, %s)", [panel_id, member_id, reason, at]))
        _audit("seat_given_up", panel_id, officer_id, member=member_id)


def name_standin(*, panel_id: int, member_id: int, officer_id: int, at: datetime) -> None:
    """The chair names who presides if neither they nor the vice-chair comes (직무대행). Raises NotNow."""
    with transaction.atomic():
        _done(one("SELECT appeals_name_standin(%s, %s, %s)", [panel_id, member_id, at]))
        _audit("standin_named", panel_id, officer_id, member=member_id)


def take_off(*, case_id: int, officer_id: int, at: datetime) -> None:
    """Take a case off its panel, so that another may hear it. Raises NotNow."""
    with transaction.atomic():
        _done(one("SELECT appeals_take_off(%s, %s)", [case_id, at]))
        audit.record(action="appeal.taken_off", subject=f"case:{case_id}", actor_id=officer_id)


def _done(answer: object) -> None:
    if not answer:
        raise NotNow


def _audit(verb: str, panel_id: int, officer_id: int, **details: object) -> None:
    audit.record(action=f"appeal.{verb}", subject=f"panel:{panel_id}", actor_id=officer_id, details=details)
