"""What an advocate, a petitioner and a levying office write to each other, in the name of the session."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from appeals.advocate_states import Partner, Work
from appeals.services.asking import one
from core.errors import Refusal


class NotYourCase(Refusal):
    message = _("You are not this case's advocate, or there is too much already.")


class CaseIsOver(Refusal):
    message = _("Nothing is filed or asked any more: the case is decided or withdrawn.")


class NobodyBeside(Refusal):
    message = _("Nobody is your advocate at the moment. You are written to when somebody is.")


class RepliedAlready(Refusal):
    message = _("This question was replied to, or another office has to.")


class NoSuchTime(Refusal):
    message = _("Enter a day until today; of a day at most 24 hours, and never less than nothing.")


def write_brief(*, case_id: int, text: str, filing: bool, at: datetime) -> None:
    """Keep the draft of a brief (의견서), or file it: then petitioner and court read it.

    Raises CaseIsOver, NotYourCase.
    """
    answer = one("SELECT appeals_write_brief(%s, %s, %s, %s)", [case_id, text, filing, at])
    if answer == "over":
        raise CaseIsOver
    if answer is None:
        raise NotYourCase


def note(*, case_id: int, text: str, at: datetime) -> None:
    """A note that nobody else reads. Raises NotYourCase."""
    if not one("SELECT appeals_keep_note(%s, %s, %s)", [case_id, text, at]):
        raise NotYourCase


def write_to(*, case_id: int, whom: Partner, text: str, at: datetime) -> None:
    """The advocate writes to the petitioner, or asks the levying office. Raises NotYourCase."""
    if one("SELECT appeals_write_to(%s, %s, %s, %s)", [case_id, whom, text, at]) is None:
        raise NotYourCase


def write_advocate(*, case_id: int, text: str, at: datetime) -> None:
    """The petitioner writes to their advocate. Raises NobodyBeside."""
    if one("SELECT appeals_write_advocate(%s, %s, %s)", [case_id, text, at]) is None:
        raise NobodyBeside


def reply(*, question_id: int, text: str, at: datetime) -> None:
    """The levying office replies to an advocate's question, once. Raises RepliedAlready."""
    if not one("SELECT appeals_reply(%s, %s, %s)", [question_id, text, at]):
        raise RepliedAlready


def spend(*, case_id: int, day: date, minutes: int, work: Work, at: datetime) -> None:
    """Minutes that the advocate spent on a case on a day. Raises NoSuchTime."""
    if not one("SELECT appeals_spend(%s, %s, %s, %s, %s)", [case_id, day, minutes, work, at]):
        raise NoSuchTime
