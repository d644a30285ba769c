"""Worker: a ruling that upholds a petition is carried out on the bill, and its money opened, once (결정의 기속력)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from appeals.events import APPEAL_UPHELD
from appeals.models import Case, Ruling
from appeals.services.follow import end_contest, enter, refusal_text
from appeals.states import UPHELD, Event, Kind, Outcome, RulingStatus
from billing import selectors as bills
from billing import services as billing
from billing.services import Asked
from core import audit, outbox
from core.errors import Refusal

# Decided by the court: who drafted asks, who signed decides, and no officer who levied has a say.
PROPOSED = "proposed"
BY = "objection"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a bill comes to: `lines` in won by line id, None where it is cancelled; one asks, another decides."""

    bill_id: int
    lines: Mapping[str, int] | None
    reason: str
    asked_by_id: int
    decided_by_id: int


def carry_out_ruling(*, case_id: int, at: datetime) -> None:
    """Change the bill as a served ruling says and tell refunds of it. Done again it does nothing.

    What billing refuses (the bill was cancelled meanwhile) is entered for the clerk; what it did stands beside the
    ruling.
    """
    with transaction.atomic():
        ruling = Ruling.objects.select_for_update().get(case_id=case_id)
        case = Case.objects.get(pk=case_id)
        if case.kind != Kind.OBJECTION:
            return  # of a review the worker issues or drops the bill (services.intended)
        if ruling.status != RulingStatus.SERVED or ruling.change_id is not None:
            return
        if ruling.outcome == Outcome.REEXAMINE:
            return  # still contested, until the levying office has served what it found
        end_contest(case_id=case_id, at=at)
        if ruling.outcome not in UPHELD:
            return
        try:
            with transaction.atomic():
                done = change_bill_as_decided(_decided(case, ruling), at=at)
        except Refusal as refusal:
            enter(case, Event.NOT_CARRIED_OUT, at=at, text=refusal_text(refusal))
            return
        Ruling.objects.filter(pk=ruling.pk, change=None).update(change_id=done.change_id)
        enter(case, Event.CARRIED_OUT, at=at)
        audit.record(
            action="appeal.carried_out",
            subject=f"case:{case_id}",
            taxpayer_id=case.taxpayer_id,
            details={"change": done.change_id},
        )
        outbox.publish(APPEAL_UPHELD, change_id=done.change_id, final_on=ruling.served_on, by=BY)


def change_bill_as_decided(decided: Decided, *, at: datetime) -> Asked:
    """The law's own act on a bill, with four eyes behind it, so that nobody else has a say whatever the sum."""
    if decided.lines is None:
        asked = billing.cancel_bill(
            bill_id=decided.bill_id, cancelled_by_id=decided.asked_by_id, reason=decided.reason, at=at
        )
    else:
        now = bills.standing_amounts(bill_id=decided.bill_id)
        off = {int(line): max(now[int(line)] - won, 0) for line, won in decided.lines.items() if int(line) in now}
        asked = billing.reduce_bill(
            bill_id=decided.bill_id, lines=off, reason=decided.reason, asked_by_id=decided.asked_by_id, at=at
        )
    if asked.status == PROPOSED:
        asked = billing.decide_change(
            change_id=asked.change_id,
            decided_by_id=decided.decided_by_id,
            approved=True,
            because=decided.reason,
            at=at,
        )
    return asked


def _decided(case: Case, ruling: Ruling) -> Decided:
    return Decided(
        bill_id=case.bill_id,
        lines=None if ruling.outcome == Outcome.CANCELLED else ruling.lines,
        reason="이의신청 결정 (지방세기본법 제96조)",
        asked_by_id=ruling.drafted_by_id,
        decided_by_id=ruling.signed_by_id or 0,
    )
