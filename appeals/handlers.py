"""What the court does when it hears of something; each may be run twice."""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from appeals import tasks
from appeals.draw_states import DrawKind
from appeals.services.assign import carry_out_draw
from appeals.services.carry_out import carry_out_ruling
from appeals.services.document import request_ruling
from appeals.services.follow import end_contest, follow_filing, note_correction
from appeals.services.intended import issue_notice, review_ruled, withdraw_review
from appeals.services.reexamination import carry_out_reexamination
from appeals.services.seating import draw_panel, seat_drawn, seat_next
from appeals.services.tribunal import carry_out_tribunal, mark_bill, request_cover
from core import clock
from core.outbox import Event

log = structlog.get_logger(__name__)


def filed(event: Event) -> None:
    """`appeals.filed.v1`."""
    follow_filing(case_id=event.payload["case_id"], at=clock.now())
    transaction.on_commit(partial(_hurry, tasks.talk))


def notice_served(event: Event) -> None:
    """`appeals.notice_served.v1`: its payer is written to; where the law leaves no review the bill is issued."""
    issue_notice(notice_id=event.payload["notice_id"], at=clock.now())
    transaction.on_commit(partial(_hurry, tasks.talk))


def early_asked(event: Event) -> None:
    """`appeals.early_asked.v1`: the bill is issued."""
    issue_notice(notice_id=event.payload["notice_id"], at=clock.now())


def file_added(event: Event) -> None:
    """`appeals.file_added.v1`: the scanner is asked after the commit."""
    transaction.on_commit(partial(_hurry, tasks.scan))


def withdrawn(event: Event) -> None:
    """`appeals.withdrawn.v1`: the bill is no longer contested; one that was only noticed is issued."""
    end_contest(case_id=event.payload["case_id"], at=clock.now())
    withdraw_review(case_id=event.payload["case_id"], at=clock.now())


def ruling_signed(event: Event) -> None:
    """`appeals.ruling_signed.v1`: the document is drawn and signed."""
    request_ruling(case_id=event.payload["case_id"], at=clock.now())


def ruling_served(event: Event) -> None:
    """`appeals.ruling_served.v1`: the bill is changed as the ruling says."""
    carry_out_ruling(case_id=event.payload["case_id"], at=clock.now())
    review_ruled(case_id=event.payload["case_id"], at=clock.now())
    transaction.on_commit(partial(_hurry, tasks.talk))


def reexamined(event: Event) -> None:
    """`appeals.reexamined.v1`: the bill is changed as the levying office found."""
    carry_out_reexamination(case_id=event.payload["case_id"], at=clock.now())
    transaction.on_commit(partial(_hurry, tasks.talk))


def bill_corrected(event: Event) -> None:
    """`billing.reduced.v1`, `billing.cancelled.v1`: a case about the bill hears of it."""
    note_correction(bill_id=event.payload["bill_id"], amount=event.payload["amount"], at=clock.now())


def tribunal_seized(event: Event) -> None:
    """`appeals.tribunal_seized.v1`: the bill is marked as contested."""
    mark_bill(referral_id=event.payload["referral_id"], at=clock.now())


def referral_made(event: Event) -> None:
    """`appeals.referral_made.v1`: its cover is drawn and signed."""
    request_cover(referral_id=event.payload["referral_id"], at=clock.now())


def tribunal_decided(event: Event) -> None:
    """`appeals.tribunal_decided.v1`: the bill is changed as the Tribunal decided."""
    carry_out_tribunal(referral_id=event.payload["referral_id"], at=clock.now())


def panel_called(event: Event) -> None:
    """`appeals.panel_called.v1`: what is drawn about is fixed; the log's sealing does the rest."""
    draw_panel(panel_id=event.payload["panel_id"], at=clock.now())


def drawn(event: Event) -> None:
    """`appeals.drawn.v1`: cases get their advocates, or who was drawn for a panel is seated; petitioners are told."""
    carry_out = carry_out_draw if event.payload["kind"] == DrawKind.ADVOCATES else seat_drawn
    carry_out(draw_id=event.payload["draw_id"], at=clock.now())
    transaction.on_commit(partial(_hurry, tasks.talk))


def seat_given_up(event: Event) -> None:
    """`appeals.seat_given_up.v1`."""
    seat_next(panel_id=event.payload["panel_id"], member_id=event.payload["member_id"], at=clock.now())


def plan_asked(event: Event) -> None:
    """`appeals.plan_asked.v1`: the solver takes longer than a handler may."""
    transaction.on_commit(partial(_hurry, tasks.plan))


def calendar_changed(event: Event) -> None:
    """`appeals.calendar_changed.v1`: both sides of each case are written to, and who keeps a seat in a room."""
    transaction.on_commit(partial(_hurry, tasks.talk))
    transaction.on_commit(partial(_hurry, tasks.seats))


def seat_asked(event: Event) -> None:
    """`appeals.seat_asked.v1`."""
    transaction.on_commit(partial(_hurry, tasks.seats))


def _hurry(task: Any) -> None:
    """The rows say what waits; a message to a worker only makes it sooner."""
    try:
        task.delay()
    except OperationalError:
        log.warning("appeals.broker_away")
