"""What billing does when it hears of something; each may be run twice."""

from __future__ import annotations

from datetime import date

from billing.services.entitlements import record_entitlement
from billing.services.identify_payers import identify_payers
from billing.services.issue_roll import finish_if_complete, issue_part
from core import clock
from core.outbox import Event


def look_up_payers(event: Event) -> None:
    """A roll was approved: find the payers of one district."""
    identify_payers(roll_id=event.payload["roll_id"], body=event.payload["body"])


def issue_district(event: Event) -> None:
    """An officer asked for the bills: issue one district, and close the roll with the last."""
    roll_id, at = event.payload["roll_id"], clock.now()
    issue_part(roll_id=roll_id, body=event.payload["body"], at=at)
    finish_if_complete(roll_id=roll_id, at=at)


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
