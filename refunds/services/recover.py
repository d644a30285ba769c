"""The end of what left and has to come back (환수): kept from another refund, or written off, by two officers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal
from refunds.states import RecoveryWay


class RecoveryNotTaken(Refusal):
    message = _(
        "This can't be entered: not so much is claimed back, one waits for a second officer already, or the other "
        "refund is somebody else's, is decided, bears interest or has less."
    )


class RecoveryNotDecided(Refusal):
    message = _("This was decided already, or another officer has to: nobody decides about what they asked for.")


class RecoveryStale(Refusal):
    message = _("Not so much is claimed back any more, or the other refund has changed. Reject it and look again.")


def ask_recovery(
    *, refund_id: int, amount: int, way: RecoveryWay, source: str, reason: str, officer_id: int, at: datetime
) -> int:
    """Ask for the end of a claim, in the name of the session's officer.

    `source`: the reference of the refund that keeps `amount` won back. Raises RecoveryNotTaken. Office only.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        values: list[Any] = [refund_id, amount, way, source, reason, at]
        cursor.execute("SELECT refunds_ask_recovery(%s, %s, %s, %s, %s, %s)", values)
        ((made,),) = cursor.fetchall()
        if made is None:
            raise RecoveryNotTaken
        _audit("recovery_asked", refund_id, officer_id, reason, amount=amount, way=way.value, source=source)
    return int(made)


def decide_recovery(*, recovery_id: int, refund_id: int, granted: bool, officer_id: int, at: datetime) -> None:
    """Approve or reject what a colleague asked for. Raises RecoveryNotDecided or RecoveryStale. Office only."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT refunds_decide_recovery(%s, %s, %s)", [recovery_id, granted, at])
        ((answer,),) = cursor.fetchall()
        if answer is None:
            raise RecoveryNotDecided
        if answer == "stale":
            raise RecoveryStale
        _audit(f"recovery_{answer}", refund_id, officer_id, "", recovery=recovery_id)


def _audit(change: str, refund_id: int, officer_id: int, reason: str, **details: object) -> None:
    audit.record(
        action=f"refund.{change}", subject=f"refund:{refund_id}", actor_id=officer_id, reason=reason, details=details
    )
