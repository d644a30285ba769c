"""How satisfied petitioners are: said once, sealed; opened by the worker, many at once, into counts of nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.vault.sealing import UnableToOpenSeal, open_seal, seal
from appeals.models import Answer, Satisfaction
from appeals.services.asking import one
from billing.selectors.city import dated_tables
from core import clock
from core.errors import Refusal

USE: Final = "court satisfaction"
SCORES: Final = 101
AT_ONCE: Final = 5000
log = structlog.get_logger(__name__)


class AnsweredAlready(Refusal):
    message = _("You have answered already. An answer can't be found again, so it can't be changed.")


class NotAsked(Refusal):
    message = _("The time to answer is over.")


def answer(*, case_id: int, score: int, at: datetime) -> None:
    """Keep a score of 0 to 100, so that only the worker can read it. Raises AnsweredAlready, NotAsked."""
    sealed = seal(text=str(score), use=USE)
    with transaction.atomic():
        found = one("SELECT appeals_answer_survey(%s, %s, %s)", [case_id, sealed, at])
    if found != "done":
        raise AnsweredAlready if found == "once" else NotAsked


def count_answers(*, at: datetime) -> int:
    """Count what waits, if it is enough that nobody's can be told; how many. Run again, each is counted once.

    One row is written, with what all of them come to; what was sealed goes in the same transaction.
    """
    today = clock.local_date(at)
    least: int = dated_tables().at("court_figures", today).body["answers"]
    quarter = f"{today.year}Q{(today.month + 2) // 3}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT core_take_turn('satisfaction')")
        waiting = dict(Answer.objects.exclude(sealed=None).order_by("pk").values_list("pk", "sealed")[:AT_ONCE])
        scores = [score for sealed in waiting.values() if (score := _opened(bytes(sealed or b""))) is not None]
        if len(scores) < least:
            return 0
        row, _made = Satisfaction.objects.get_or_create(quarter=quarter, defaults={"counts": [0] * SCORES})
        for score in scores:
            row.counts[score] += 1
        row.save(update_fields=["counts"])
        Answer.objects.filter(pk__in=waiting).update(sealed=None)
    return len(scores)


def _opened(sealed: bytes) -> int | None:
    """None for what no page of ours has sealed."""
    try:
        score = int(open_seal(sealed=sealed, use=USE))
    except (UnableToOpenSeal, ValueError):
        log.warning("appeals.answer_unreadable")
        return None
    return score if 0 <= score < SCORES else None
