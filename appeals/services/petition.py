"""Writing, filing, mending and withdrawing a petition, in the name of the session: a citizen's, or a clerk's for
somebody at the counter. The database reads who may."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from appeals.services.asking import one
from core.errors import Refusal


class NotContestable(Refusal):
    message = _(
        "This bill can't be contested here: it is not yours, no longer in force, or another authority hears of it."
    )


class NotYoursToWrite(Refusal):
    message = _("This can't be changed any more. Look at the case again.")


class NoRoomForFile(Refusal):
    message = _("No file can be added: at most 10 files and 20 MB together, and nothing after the decision.")


@dataclass(frozen=True, kw_only=True)
class Petition:
    """What a petition says (이의신청서). `wish_amount`: what the bill shall come to, in won; `unavailable`: days that
    don't suit for a hearing."""

    served_on: date | None
    grounds: str
    wish: str = "cancel"
    wish_amount: int | None = None
    hindered_until: date | None = None
    hindrance: str = ""
    public_hearing: bool = False
    interpreter: str = ""
    accessibility: str = ""
    remote: bool = False
    language: str = "ko"
    unavailable: tuple[date, ...] = ()


def begin(*, bill_id: int, language: str, at: datetime) -> int:
    """The case about a bill: the one there is, or a new draft. Raises NotContestable."""
    found = one("SELECT appeals_begin(%s, %s, %s)", [bill_id, language, at])
    if found is None:
        raise NotContestable
    return int(found)


def save(*, case_id: int, says: Petition) -> None:
    """Keep what was typed into a draft. Raises NotYoursToWrite."""
    _done(one("SELECT appeals_save(%s, %s)", [case_id, json.dumps(_plain(says), default=str)]))


def file(*, case_id: int, says: Petition, at: datetime) -> str:
    """File a draft with what was typed last; its docket number. Raises NotYoursToWrite."""
    with transaction.atomic():
        save(case_id=case_id, says=says)
        number = one("SELECT appeals_file(%s, %s)", [case_id, at])
        if number is None:
            raise NotYoursToWrite
    return str(number)


def discard(*, case_id: int) -> None:
    """Throw a draft away with its files. Raises NotYoursToWrite."""
    _done(one("SELECT appeals_discard(%s)", [case_id]))


def add_file(*, case_id: int, name: str, kind: str, content: bytes, at: datetime) -> int:
    """Keep a file, `kind` pdf, png or jpeg, for the side whose session it is. Raises NoRoomForFile."""
    made = one("SELECT appeals_add_file(%s, %s, %s, %s, %s)", [case_id, name[:100], kind, content, at])
    if made is None:
        raise NoRoomForFile
    return int(made)


def drop_file(*, file_id: int) -> None:
    """Take a file out of a draft. Raises NotYoursToWrite."""
    _done(one("SELECT appeals_drop_file(%s)", [file_id]))


def mend(*, case_id: int, text: str, at: datetime) -> None:
    """Say what was missing (보정). Raises NotYoursToWrite."""
    _done(one("SELECT appeals_mend(%s, %s, %s)", [case_id, text, at]))


def withdraw(*, case_id: int, reason: str, at: datetime) -> None:
    """Withdraw a petition (취하). Raises NotYoursToWrite."""
    _done(one("SELECT appeals_withdraw(%s, %s, %s)", [case_id, reason, at]))


def _done(answer: Any) -> None:
    if not answer:
        raise NotYoursToWrite


def _plain(says: Petition) -> Mapping[str, Any]:
    facts = asdict(says)
    return {**facts, "unavailable": sorted({day.isoformat() for day in says.unavailable})}
