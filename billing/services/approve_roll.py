from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.models import LevyRoll, RollRow, RollTotal
from billing.states import ROLL_TRANSITIONS, RollStatus
from core import audit
from core.errors import Refusal
from core.states import StaleState, move


class SameOfficerApproval(Refusal):
    message = _("You uploaded this roll, so another officer has to approve it.")


class RollNotStaged(Refusal):
    message = _("This roll no longer waits for a decision. Look at its present state.")


class RollHasNoRows(Refusal):
    message = _("This roll has no rows.")


def approve_roll(*, roll_id: int, approved_by_id: int, at: datetime) -> None:
    """A second officer approves a staged roll; from then on it may be issued."""
    with transaction.atomic():
        roll = LevyRoll.objects.select_for_update().get(pk=roll_id)
        if roll.uploaded_by_id == approved_by_id:
            raise SameOfficerApproval
        if roll.status == RollStatus.STAGED and not RollTotal.objects.filter(roll_id=roll_id).exists():
            raise RollHasNoRows
        _move(roll_id, RollStatus.STAGED, RollStatus.APPROVED, approved_by_id=approved_by_id, approved_at=at)
        audit.record(action="billing.roll_approved", subject=f"roll:{roll_id}", actor_id=approved_by_id)


def withdraw_roll(*, roll_id: int, withdrawn_by_id: int, reason: str) -> None:
    """Take back a roll of which nothing was issued; its rows are removed, so that a mended file can be imported."""
    with transaction.atomic():
        roll = LevyRoll.objects.select_for_update().get(pk=roll_id)
        if RollStatus.WITHDRAWN not in ROLL_TRANSITIONS[roll.status]:
            raise RollNotStaged
        _move(roll_id, RollStatus(roll.status), RollStatus.WITHDRAWN)
        RollRow.objects.filter(roll_id=roll_id).delete()
        audit.record(
            action="billing.roll_withdrawn", subject=f"roll:{roll_id}", actor_id=withdrawn_by_id, reason=reason
        )


def _move(roll_id: int, old: RollStatus, new: RollStatus, **changes: object) -> None:
    try:
        move(LevyRoll, roll_id, transitions=ROLL_TRANSITIONS, old=old, new=new, **changes)
    except StaleState:
        raise RollNotStaged from None
