"""Keeping the pool of special tax advocates, in the name of the session's officer, and asking for another one.

Every change is a line of the pool's history.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from appeals.services.asking import one
from core.errors import Refusal


class NotYourPool(Refusal):
    message = _("The pool is kept by the city's clerk, and nobody keeps their own line of it. Look at it again.")


class NoAdvocate(Refusal):
    message = _(
        "This officer can't be an advocate: they hold not the role, are not the city's, are suspended, or hear cases "
        "as clerk, chair or member."
    )


class NoSuchFacts(Refusal):
    message = _("Name taxes, districts and a team that there are.")


class NoAbsence(Refusal):
    message = _("An absence ends today or later, within three years, and after it begins; at most 40 at a time.")


class NoSuchNumber(Refusal):
    message = _("No case has this number. Type it as it stands on the docket.")


class SaidBefore(Refusal):
    message = _("This conflict stands in the pool already.")


class AskedBefore(Refusal):
    message = _("Another advocate can be asked for once in a case, and that was done.")


class NobodyToReplace(Refusal):
    message = _("Another advocate can be asked for once there is one, and as long as the case runs.")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What the clerk keeps of an advocate. `knows`: tax to 1, 2 or 3; `districts`: of which they are given no case;
    `most`: cases at once, 0 to 100."""

    in_pool: bool
    knows: Mapping[str, int]
    districts: Sequence[str]
    team: str
    most: int
    phone: str = ""
    room: str = ""


def keep_advocate(*, officer_id: int, profile: Profile, at: datetime) -> None:
    """Take an officer into the pool, or change what is known of them; who leaves it leaves their running cases.

    Raises NoAdvocate, NoSuchFacts, NotYourPool.
    """
    answer = one("SELECT appeals_keep_advocate(%s, %s, %s)", [officer_id, json.dumps(asdict(profile)), at])
    if answer == "role":
        raise NoAdvocate
    if answer == "facts":
        raise NoSuchFacts
    if answer is None:
        raise NotYourPool


def keep_reach(*, phone: str, room: str, at: datetime) -> None:
    """The advocate says how petitioners reach them. Raises NotYourPool."""
    if not one("SELECT appeals_keep_reach(%s, %s, %s)", [phone, room, at]):
        raise NotYourPool


def declare_absence(*, officer_id: int, begins: date, ends: date, at: datetime) -> None:
    """From day to day the advocate is not there (부재). Raises NoAbsence."""
    if not one("SELECT appeals_declare_absence(%s, %s, %s, %s)", [officer_id, begins, ends, at]):
        raise NoAbsence


def call_off_absence(*, absence_id: int, at: datetime) -> None:
    """Raises NotYourPool."""
    if not one("SELECT appeals_call_off_absence(%s, %s)", [absence_id, at]):
        raise NotYourPool


def declare_conflict(*, officer_id: int, number: str, reason: str, at: datetime) -> None:
    """The advocate is not free towards the petitioner of a case (회피 사유); they leave it, and another is drawn.

    Raises NoSuchNumber, SaidBefore, NotYourPool.
    """
    answer = one("SELECT appeals_declare_conflict(%s, %s, %s, %s)", [officer_id, number.strip(), reason, at])
    if answer == "unknown":
        raise NoSuchNumber
    if answer == "once":
        raise SaidBefore
    if answer is None:
        raise NotYourPool


def ask_another(*, case_id: int, reason: str, at: datetime) -> None:
    """The petitioner asks for another advocate, once (세무변호인 변경 신청). Raises AskedBefore, NobodyToReplace."""
    answer = one("SELECT appeals_ask_another(%s, %s, %s)", [case_id, reason, at])
    if answer == "once":
        raise AskedBefore
    if answer is None:
        raise NobodyToReplace
