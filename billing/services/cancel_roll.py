"""An issued roll is cancelled as a whole, as long as no notice of it went out; two officers decide."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from billing.events import ROLL_CANCEL_DECIDED, ROLL_CANCELLED
from billing.models import LevyRoll
from billing.states import ROLL_TRANSITIONS, RollStatus
from core import audit, clock, outbox
from core.errors import Refusal
from core.states import StaleState, move

CHUNK: Final = 20_000  # bills in one commit


class RollNotIssued(Refusal):
    message = _("Only an issued roll can be cancelled. Withdraw a roll that is not issued yet.")


class NoticesWentOut(Refusal):
    message = _("Notices of this roll went out. Change its bills one by one.")


class SameOfficerCancels(Refusal):
    message = _("You asked for the cancellation, so another officer has to decide.")


class NobodyAskedToCancel(Refusal):
    message = _("Nobody asks for this roll to be cancelled any more. Look at its present state.")


def ask_to_cancel_roll(*, roll_id: int, asked_by_id: int, reason: str) -> None:
    """An officer asks for every bill of an issued roll to be cancelled (부과취소); nothing happens yet."""
    with transaction.atomic():
        _cancellable(roll_id)
        LevyRoll.objects.filter(pk=roll_id).update(cancel_asked_by=asked_by_id, cancel_reason=reason)
        audit.record(action="billing.roll_cancel_asked", subject=f"roll:{roll_id}", actor_id=asked_by_id, reason=reason)


def decide_to_cancel_roll(*, roll_id: int, decided_by_id: int, agreed: bool, at: datetime) -> None:
    """Another officer agrees, and jobs cancel the bills; or refuses, and the roll stays as it is."""
    with transaction.atomic():
        roll = _cancellable(roll_id)
        if roll.cancel_asked_by_id is None:
            raise NobodyAskedToCancel
        if roll.cancel_asked_by_id == decided_by_id:
            raise SameOfficerCancels
        if agreed:
            _move(roll_id, RollStatus.ISSUED, RollStatus.CANCELLING, cancelled_by_id=decided_by_id, cancelled_at=at)
            outbox.publish(ROLL_CANCEL_DECIDED, roll_id=roll_id)
        else:
            LevyRoll.objects.filter(pk=roll_id).update(cancel_asked_by=None, cancel_reason="")
        action = "billing.roll_cancel_agreed" if agreed else "billing.roll_cancel_refused"
        audit.record(action=action, subject=f"roll:{roll_id}", actor_id=decided_by_id, reason=roll.cancel_reason)


def cancel_bills_of_roll(*, roll_id: int, at: datetime, most: int = CHUNK) -> int:
    """Cancel the next bills of a roll in one commit; returns how many, 0 when the roll is done.

    A bill on which something was paid or changed meanwhile stays in force.
    """
    with transaction.atomic():
        roll = LevyRoll.objects.select_for_update().get(pk=roll_id)
        if roll.status != RollStatus.CANCELLING:
            return 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT billing_cancel_rows(%s, %s, %s, %s)", [roll_id, most, at, clock.local_date(at)])
            many = int(cursor.fetchone()[0])
        if not many:
            _move(roll_id, RollStatus.CANCELLING, RollStatus.CANCELLED)
            outbox.publish(ROLL_CANCELLED, roll_id=roll_id)
    return many


def notices_go_out(*, roll_id: int, at: datetime) -> None:
    """From now on the roll is not cancelled as a whole. Refused while it is being cancelled."""
    with transaction.atomic():
        _cancellable(roll_id)
        LevyRoll.objects.filter(pk=roll_id).update(noticed_at=at, cancel_asked_by=None, cancel_reason="")
        audit.record(action="billing.roll_noticed", subject=f"roll:{roll_id}")


def _cancellable(roll_id: int) -> LevyRoll:
    roll = LevyRoll.objects.select_for_update().get(pk=roll_id)
    if roll.status != RollStatus.ISSUED:
        raise RollNotIssued
    if roll.noticed_at:
        raise NoticesWentOut
    return roll


def _move(roll_id: int, old: RollStatus, new: RollStatus, **changes: object) -> None:
    try:
        move(LevyRoll, roll_id, transitions=ROLL_TRANSITIONS, old=old, new=new, **changes)
    except StaleState:
        raise RollNotIssued from None
