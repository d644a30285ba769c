"""A served ruling is published with nobody in it (결정문 공개), by the clerk. Office only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appeals.decision_states import DecisionGround, Identifies
from appeals.rules.words import found_by
from appeals.services.asking import one
from appeals.services.desk import NotYoursToDo
from core import audit
from core.errors import Refusal


class StillNames(Refusal):
    """What identifies somebody still stands in the text; `kinds`: which."""

    message = _("The text still tells who somebody is.")

    def __init__(self, kinds: Sequence[str]) -> None:
        self.kinds = tuple(kinds)
        named = ", ".join(str(Identifies(kind).label) for kind in kinds)
        super().__init__(gettext("Black out what still tells who somebody is: %(what)s.") % {"what": named})


class SayWhyCorrected(Refusal):
    message = _("The decision is published already. Say why the text is corrected: everybody reads it.")


@dataclass(frozen=True, kw_only=True)
class PublicText:
    """What everybody will read. `because`: why a text that was published is corrected."""

    ground: DecisionGround
    gist_ko: str
    claims: str
    reasons: str
    gist_en: str = ""
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a decision stands for ever."""

    year: int
    number: int
    version: int


def publish(*, case_id: int, says: PublicText, officer_id: int, at: datetime) -> Place:
    """Publish a served ruling, or a further version of it; who and when stands in the row and in the audit trail.

    Raises StillNames, SayWhyCorrected, NotYoursToDo.
    """
    stems = found_by("\n".join((says.gist_ko, says.gist_en, says.claims, says.reasons)))
    facts = {**asdict(says), "ground": says.ground.value, "stems": " ".join(stems)}
    with transaction.atomic():
        found = _answered(one("SELECT appeals_publish(%s, %s, %s)", [case_id, json.dumps(facts), at]))
        if "names" in found:
            raise StillNames(found["names"])
        if "wanted" in found:
            raise SayWhyCorrected
        place = Place(**found)
        audit.record(
            action="appeal.decision_published",
            subject=f"case:{case_id}",
            actor_id=officer_id,
            details=asdict(place),
        )
    return place


def _answered(answer: Any) -> dict[str, Any]:
    if not answer:
        raise NotYoursToDo
    found: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
    return found
