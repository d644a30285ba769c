from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from billing.events import ROLL_ISSUED, ROLL_PART_REQUESTED
from billing.models import LevyRoll, RollPart
from billing.services.issue_chunk import CHUNK, Levy, issue_chunk, levy_of
from billing.states import ROLL_TRANSITIONS, RollStatus
from core import audit, outbox
from core.errors import Refusal
from core.states import StaleState, move


class RollNotApproved(Refusal):
    message = _("Only an approved roll can be issued.")


def request_issue(*, roll_id: int, requested_by_id: int) -> None:
    """An officer starts issuing: jobs issue the districts beside each other, and the page shows how far they are."""
    with transaction.atomic():
        _begin(roll_id)
        for body in RollPart.objects.filter(roll_id=roll_id).order_by("body_id").values_list("body_id", flat=True):
            outbox.publish(ROLL_PART_REQUESTED, roll_id=roll_id, body=body)
        audit.record(action="billing.roll_issue_requested", subject=f"roll:{roll_id}", actor_id=requested_by_id)


def issue_roll(*, roll_id: int, at: datetime, most: int = CHUNK, on_chunk: Callable[[int], None] | None = None) -> int:
    """Issue all that is left of an approved roll, a commit for every `most` bills; returns the bills made here.

    A run that was cut off is simply started again, and several may run beside each other: each takes a district
    that nobody is at. `on_chunk` hears after each commit how many bills it made.
    """
    begin_issue(roll_id=roll_id)
    levy = _levy(roll_id, at)
    made = 0
    while new := _issue_free_district(levy, most=most):
        made += new
        if on_chunk:
            on_chunk(new)
    finish_if_complete(roll_id=roll_id, at=at)
    return made


def begin_issue(*, roll_id: int) -> None:
    """From now on the roll is being issued; nothing changes if it is already. Raises RollNotApproved."""
    with transaction.atomic():
        if LevyRoll.objects.get(pk=roll_id).status != RollStatus.ISSUING:
            _begin(roll_id)


def issue_part(*, roll_id: int, body: str, at: datetime, most: int = CHUNK, chunks: int | None = None) -> int:
    """Issue one district's bills, all of them or `chunks` times `most`; 0 when somebody else made them."""
    levy = _levy(roll_id, at)
    part_id = RollPart.objects.values_list("id", flat=True).get(roll_id=roll_id, body_id=body)
    made = 0
    for _chunk in count() if chunks is None else range(chunks):
        new = issue_chunk(levy=levy, part_id=part_id, most=most)
        made += new
        if new < most:
            break
    return made


def is_part_issued(*, roll_id: int, body: str) -> bool:
    return not RollPart.objects.filter(roll_id=roll_id, body_id=body, bills__lt=F("rows")).exists()


def finish_if_complete(*, roll_id: int, at: datetime) -> bool:
    """Close the roll when every row that is collected has its bill; whoever comes second finds it closed."""
    with transaction.atomic():
        # Two districts that end at once: the second waits here for the first one's commit and then sees its bills.
        LevyRoll.objects.select_for_update().get(pk=roll_id)
        if RollPart.objects.filter(roll_id=roll_id, bills__lt=F("rows")).exists():
            return False
        try:
            move(
                LevyRoll,
                roll_id,
                transitions=ROLL_TRANSITIONS,
                old=RollStatus.ISSUING,
                new=RollStatus.ISSUED,
                issued_at=at,
            )
        except StaleState:
            return False
        outbox.publish(ROLL_ISSUED, roll_id=roll_id)
        return True


def _begin(roll_id: int) -> None:
    """The roll is being issued from now on; its districts are written down with the number of their bills."""
    try:
        move(LevyRoll, roll_id, transitions=ROLL_TRANSITIONS, old=RollStatus.APPROVED, new=RollStatus.ISSUING)
    except StaleState:
        raise RollNotApproved from None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_rollpart (roll_id, body_id, rows, bills, amount, done_through) "
            "SELECT roll_id, body_id, count(*) FILTER (WHERE collected), 0, 0, 0 FROM billing_rollrow "
            "WHERE roll_id = %s GROUP BY roll_id, body_id",
            [roll_id],
        )


def _levy(roll_id: int, at: datetime) -> Levy:
    roll = LevyRoll.objects.select_related("tax").get(pk=roll_id)
    if roll.status not in (RollStatus.ISSUING, RollStatus.ISSUED):
        raise RollNotApproved
    return levy_of(roll=roll, at=at)


def _issue_free_district(levy: Levy, *, most: int) -> int:
    """The next bills of a district that no other process is at; 0 when there is none."""
    with transaction.atomic():
        left = RollPart.objects.filter(roll_id=levy.roll.pk, bills__lt=F("rows")).order_by("body_id")
        part = left.select_for_update(skip_locked=True).first()
        return issue_chunk(levy=levy, part_id=part.pk, most=most) if part else 0
