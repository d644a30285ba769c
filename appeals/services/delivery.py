"""Service with proof (송달): letters and what the post says of them, by hand or as its file; public notices."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from appeals.models import Delivery
from appeals.services.asking import one
from appeals.states import POST_SAYS, DeliveryStatus
from core import audit
from core.errors import Refusal
from core.one_by_one import one_by_one

MOST_LINES: Final = 2000
COLUMNS: Final = ("tracking", "outcome", "day")


class NotThatLetter(Refusal):
    message = _("There is no such letter on your desk, or the day is before it was sent or still to come.")


class ToldOtherwise(Refusal):
    message = _("Something else was recorded of this letter. Look at it again.")


class LetterKnown(Refusal):
    message = _("A letter with this number was sent before. Check the number.")


class NoPublicNotice(Refusal):
    message = _("A public notice serves a ruling only after a letter with it came back, and one at a time.")


class NotTheFile(Refusal):
    message = _("The file is a table with the columns tracking, outcome and day, in UTF-8, with 2,000 lines at most.")


@dataclass(frozen=True, kw_only=True)
class LineFault:
    """A line of the post's file that was not taken, and why."""

    line: int
    tracking: str
    why: str


def post(*, case_id: int, line_id: int | None, tracking: str, on: date, officer_id: int, at: datetime) -> None:
    """A registered letter was sent, with the ruling or with what a line tells. Raises LetterKnown, NotThatLetter."""
    with transaction.atomic():
        answer = one("SELECT appeals_post(%s, %s, %s, %s, %s)", [case_id, line_id, tracking.strip(), on, at])
        if answer == "known":
            raise LetterKnown
        if answer is None:
            raise NotThatLetter
        audit.record(action="appeal.letter_sent", subject=f"case:{case_id}", actor_id=officer_id)


def record(*, tracking: str, says: DeliveryStatus, on: date, reason: str, officer_id: int, at: datetime) -> None:
    """What the post says of a letter; the same again does nothing. Raises NotThatLetter, ToldOtherwise."""
    with transaction.atomic():
        answer = one("SELECT appeals_record_delivery(%s, %s, %s, %s, %s)", [tracking.strip(), says, on, reason, at])
        if answer is None:
            raise NotThatLetter
        if answer == "other":
            raise ToldOtherwise
        audit.record(
            action="appeal.letter_told", subject="letter", actor_id=officer_id, details={"outcome": says.value}
        )


def notice_in_public(*, case_id: int, reason: str, officer_id: int, at: datetime) -> None:
    """Serve the ruling by public notice (공시송달, 제33조). Raises NoPublicNotice."""
    with transaction.atomic():
        if not one("SELECT appeals_notice_in_public(%s, %s, %s)", [case_id, reason, at]):
            raise NoPublicNotice
        audit.record(action="appeal.public_notice", subject=f"case:{case_id}", actor_id=officer_id)


def take_file(*, content: bytes, officer_id: int, at: datetime) -> tuple[int, list[LineFault]]:
    """Take the post's file: how many lines were taken, and which were not. Lines stand for themselves, and the file can
    be brought again. Raises NotTheFile."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotTheFile from error
    if not rows or len(rows) > MOST_LINES or not set(COLUMNS) <= set(rows[0]):
        raise NotTheFile
    faults = []
    for number, row in enumerate(rows, 2):
        tracking, says, day = ((row[name] or "").strip() for name in COLUMNS)
        try:
            outcome = DeliveryStatus(says) if says in POST_SAYS else None
            if outcome is None:
                raise NotThatLetter
            on = date.fromisoformat(day)
            record(tracking=tracking[:40], says=outcome, on=on, reason="", officer_id=officer_id, at=at)
        except ValueError:
            faults.append(LineFault(line=number, tracking=tracking[:40], why=str(NotThatLetter.message)))
        except Refusal as refusal:
            faults.append(LineFault(line=number, tracking=tracking[:40], why=str(refusal.message)))
    return len(rows) - len(faults), faults


def note_opened(*, case_id: int, at: datetime) -> None:
    """The petitioner looked at what was served on the site; the first time is kept."""
    one("SELECT appeals_note_opened(%s, %s)", [case_id, at])


def end_public_notices(*, at: datetime) -> int:
    """Worker: what public notices have served, now that their days have passed; how many."""
    running = Delivery.objects.filter(status=DeliveryStatus.PUBLISHED).order_by("pk").values_list("pk", flat=True)
    return one_by_one(list(running), _end, at=at)


def _end(delivery_id: int, at: datetime) -> bool:
    with transaction.atomic():
        return bool(one("SELECT appeals_end_public_notice(%s, %s)", [delivery_id, at]))
