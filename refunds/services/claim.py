"""A taxpayer claims that a bill asked too much; an officer answers. What is taken off the bill is found by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal


class NoSuchClaim(Refusal):
    message = _("This can't be claimed: the bill is not yours, a claim about it waits already, or you made five today.")


class ClaimAnswered(Refusal):
    message = _("This claim was answered meanwhile, or it is in your own or a relative's file.")


def claim(*, bill_id: int, text: str, at: datetime) -> int:
    """Claim, in the name of the session's citizen. Raises NoSuchClaim. Public face only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refunds_claim(%s, %s, %s)", [bill_id, text, at])
        ((made,),) = cursor.fetchall()
    if made is None:
        raise NoSuchClaim
    return int(made)


def answer_claim(*, claim_id: int, granted: bool, answer: str, officer_id: int, at: datetime) -> None:
    """Answer in the name of the session's officer. Raises ClaimAnswered. Office only."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT refunds_answer_claim(%s, %s, %s, %s)", [claim_id, granted, answer, at])
            ((done,),) = cursor.fetchall()
        if not done:
            raise ClaimAnswered
        change = "claim_granted" if granted else "claim_refused"
        audit.record(action=f"refund.{change}", subject=f"claim:{claim_id}", actor_id=officer_id, reason=answer[:300])
