"""The account into which money goes that belongs to nobody known here: one officer names it, another approves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal
from payments.services import Creditor, fits_a_message


class DestinationNotTaken(Refusal):
    message = _(
        "This account can't be named: the money has an owner, has left, another account waits for a second officer, "
        "or a bank could not read it."
    )


class DestinationNotDecided(Refusal):
    message = _("This was decided already, or another officer has to: nobody decides about what they asked for.")


def ask_destination(*, refund_id: int, to: Creditor, reason: str, officer_id: int, at: datetime) -> int:
    """Name an account, in the name of the session's officer. Raises DestinationNotTaken. Office only."""
    if not fits_a_message(to):
        raise DestinationNotTaken
    values = [refund_id, to.bank, to.account, to.holder, reason, at]
    with transaction.atomic():
        made = _one("SELECT refunds_ask_destination(%s, %s, %s, %s, %s, %s)", values)
        if made is None:
            raise DestinationNotTaken
        _audit("destination_asked", refund_id, officer_id, reason)
    return int(str(made))


def decide_destination(*, destination_id: int, refund_id: int, granted: bool, officer_id: int, at: datetime) -> None:
    """Approve or reject an account that a colleague named. Raises DestinationNotDecided. Office only."""
    with transaction.atomic():
        if not _one("SELECT refunds_decide_destination(%s, %s, %s)", [destination_id, granted, at]):
            raise DestinationNotDecided
        _audit("destination_approved" if granted else "destination_rejected", refund_id, officer_id, "")


def _one(query: str, values: list[Any]) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        ((found,),) = cursor.fetchall()
    return found


def _audit(change: str, refund_id: int, officer_id: int, reason: str) -> None:
    audit.record(action=f"refund.{change}", subject=f"refund:{refund_id}", actor_id=officer_id, reason=reason)
