"""What billing does when it hears of something; each may be run twice."""

from __future__ import annotations

from datetime import date
from functools import partial

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from billing.events import ROLL_CANCEL_DECIDED, ROLL_PART_REQUESTED
from billing.services.cancel_roll import cancel_bills_of_roll
from billing.services.entitlements import record_entitlement
from billing.services.issue_roll import finish_if_complete, is_part_issued, issue_part
from billing.services.life.engine import carry_out
from billing.services.life.extensions import move_due_dates as move_all
from billing.services.paper import state_paper
from billing.tasks import check_roll
from core import clock, outbox
from core.outbox import Event

log = structlog.get_logger(__name__)


def roll_brought(event: Event) -> None:
    """An officer brought a file: a job of its own reads it, in many commits."""
    transaction.on_commit(partial(_hurry, event.payload["roll_id"]))


def _hurry(roll_id: int) -> None:
    """The roll says that it waits, and the next sweep will find it; a message to a worker only makes it sooner."""
    try:
        check_roll.delay(roll_id)
    except OperationalError:
        log.warning("billing.check_roll_waits", roll_id=roll_id)


def issue_district(event: Event) -> None:
    """An officer asked for the bills: issue the next ones of one district, and close the roll with the last.

    A handler's work is one commit, so what is left is asked for anew.
    """
    roll_id, body, at = event.payload["roll_id"], event.payload["body"], clock.now()
    issue_part(roll_id=roll_id, body=body, at=at, chunks=1)
    if is_part_issued(roll_id=roll_id, body=body):
        finish_if_complete(roll_id=roll_id, at=at)
    else:
        outbox.publish(ROLL_PART_REQUESTED, **event.payload)


def cancel_roll(event: Event) -> None:
    """Two officers cancel a roll: the next of its bills, and the rest by the next event."""
    if cancel_bills_of_roll(roll_id=event.payload["roll_id"], at=clock.now()):
        outbox.publish(ROLL_CANCEL_DECIDED, **event.payload)


def note_entitlement(event: Event) -> None:
    """Somebody began, or ceased, to take notices electronically or to pay automatically."""
    told = event.payload
    ended = told.get("ended_on")
    record_entitlement(
        taxpayer_id=told["taxpayer_id"],
        kind=told["kind"],
        began_on=date.fromisoformat(told["began_on"]),
        ended_on=date.fromisoformat(ended) if ended else None,
    )


def carry_out_change(event: Event) -> None:
    """A change that makes new numbers was decided."""
    carry_out(change_id=event.payload["change_id"], at=clock.now())


def move_due_dates(event: Event) -> None:
    """An act for everybody was decided."""
    move_all(extension_id=event.payload["extension_id"], at=clock.now())


def state_bill(event: Event) -> None:
    """Somebody who may see a bill asked for it as a file."""
    state_paper(request_id=event.payload["request_id"], at=clock.now())
