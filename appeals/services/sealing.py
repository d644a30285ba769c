"""Sealing (비공개): a side asks, the court decides, opens again, and names who of the levying office reads on.

Whose matter something is and what a seal closes, the database says (`sql/sealing.sql`). The audit trail tells that it
was done, not why: auditors read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from appeals.seal_states import SealGround
from appeals.services.asking import one
from core import audit
from core.errors import Refusal


class NotYoursToSeal(Refusal):
    message = _("This can't be done any more, or another officer has to do it. Look at the seals of the case again.")


class AskedAlready(Refusal):
    message = _("It is sealed already, or the court has been asked and has not decided yet.")


class NoGround(Refusal):
    message = _("Choose a ground, and write why.")


class NoReader(Refusal):
    message = _("Choose an officer of the office that levied, who is no relative of the petitioner.")


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What of a case: one file, one line of the docket, or with neither all of it."""

    case_id: int
    file_id: int | None = None
    line_id: int | None = None

    @property
    def values(self) -> list[Any]:
        return [self.case_id, self.file_id, self.line_id]

    @property
    def details(self) -> dict[str, int]:
        found = {"file": self.file_id, "line": self.line_id}
        return {name: pk for name, pk in found.items() if pk is not None}


def ask_seal(*, thing: Thing, reason: str, at: datetime) -> None:
    """Ask the court to seal something of one's own side. Raises AskedAlready, NotYoursToSeal."""
    with transaction.atomic():
        answer = one("SELECT appeals_ask_seal(%s, %s, %s, %s, %s)", [*thing.values, reason, at])
        if answer == "open":
            raise AskedAlready
        _done(answer)
        _audit("seal_asked", thing)


def seal(*, thing: Thing, ground: SealGround, because: str, officer_id: int, at: datetime) -> None:
    """Seal what was asked for, or of the court's own motion. Raises NoGround, NotYoursToSeal."""
    with transaction.atomic():
        answer = one("SELECT appeals_seal_it(%s, %s, %s, %s, %s, %s)", [*thing.values, ground, because, at])
        if answer == "ground":
            raise NoGround
        _done(answer)
        _audit("sealed", thing, officer_id=officer_id, ground=ground.value)


def unseal(*, seal_id: int, case_id: int, because: str, officer_id: int, at: datetime) -> None:
    """Refuse what was asked for, or open again what is sealed. Raises NotYoursToSeal."""
    with transaction.atomic():
        _done(one("SELECT appeals_unseal(%s, %s, %s)", [seal_id, because, at]))
        _audit("unsealed", Thing(case_id=case_id), officer_id=officer_id, seal=seal_id)


def name_reader(*, seal_id: int, case_id: int, reader_id: int, officer_id: int, at: datetime) -> None:
    """Let an officer of the levying office read what is sealed. Raises NoReader."""
    with transaction.atomic():
        if not one("SELECT appeals_name_reader(%s, %s, %s)", [seal_id, reader_id, at]):
            raise NoReader
        _audit("seal_reader_named", Thing(case_id=case_id), officer_id=officer_id, seal=seal_id, reader=reader_id)


def _done(answer: object) -> None:
    if not answer:
        raise NotYoursToSeal


def _audit(verb: str, thing: Thing, *, officer_id: int | None = None, **details: Any) -> None:
    audit.record(
        action=f"appeal.{verb}",
        subject=f"case:{thing.case_id}",
        actor_id=officer_id,
        details={**thing.details, **details},
    )
