from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from refunds.states import Way


class NotYoursToAsk(Refusal):
    message = _("This can't be chosen for this refund. Look at it again.")


class DecidedMeanwhile(Refusal):
    message = _("This refund was decided meanwhile. Look at it again.")


def ask_for_all(*, refund_ids: Sequence[int], way: Way, at: datetime) -> int:
    """Say of several refunds at once that they go to the account, or to the city; of how many it was still possible."""
    asked = 0
    for refund_id in refund_ids:
        try:
            ask_for(refund_id=refund_id, way=way, bill_id=None, at=at)
        except DecidedMeanwhile:  # an officer was quicker, and its page says what they decided
            continue
        asked += 1
    return asked


def ask_for(*, refund_id: int, way: Way, bill_id: int | None, at: datetime) -> None:
    """Say how a refund shall go back, in the name of the session's citizen; an officer has to look at it (again).

    `bill_id`: the bill that a set-off shall pay. Raises NotYoursToAsk or DecidedMeanwhile. Public face only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT refunds_ask(%s, %s, %s, %s)", [refund_id, way, bill_id, at])
        ((answer,),) = cursor.fetchall()
    if answer is None:
        raise NotYoursToAsk
    if answer == "late":
        raise DecidedMeanwhile
