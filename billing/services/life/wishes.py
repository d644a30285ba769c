"""What may be asked of a bill, one function for each kind of change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from billing.rules.plans import Share
from billing.selectors.city import dated_tables
from billing.services.life.engine import Asked, change_bill
from billing.states import ChangeKind


def reduce_bill(*, bill_id: int, lines: Mapping[int, int], reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Take won off lines (감액), by line id. Raises NothingToReduce, ReducedTooMuch, ReducedToNothing."""
    return change_bill(
        bill_id=bill_id,
        kind=ChangeKind.REDUCE,
        details={"lines": {str(line): won for line, won in lines.items() if won}},
        reason=reason,
        asked_by_id=asked_by_id,
        at=at,
    )


def cancel_bill(*, bill_id: int, cancelled_by_id: int, reason: str, at: datetime) -> Asked:
    """Cancel a bill (부과취소); what was paid on it is to be paid back. Raises BillNotInForce."""
    return _plain(ChangeKind.CANCEL, bill_id, cancelled_by_id, reason, at)


def reissue_bill(*, bill_id: int, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Put a new bill in this one's place (재고지). Raises BillNotInForce, FactStands, NothingUnpaid."""
    return _plain(ChangeKind.REISSUE, bill_id, asked_by_id, reason, at)


def write_off_bill(*, bill_id: int, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Give a claim up because nothing can be collected (결손처분). Raises BillNotInForce, NothingUnpaid."""
    return _plain(ChangeKind.WRITE_OFF, bill_id, asked_by_id, reason, at)


def revive_bill(*, bill_id: int, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Take a written-off claim up again, since property was found (결손처분의 취소). Raises BillNotInForce."""
    return _plain(ChangeKind.REVIVE, bill_id, asked_by_id, reason, at)


def defer_bill(*, bill_id: int, from_on: date, until_on: date, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Defer collection (징수유예). Raises DatesImpossible, DeferredTooLong, FactAlreadyStands, NothingUnpaid."""
    span = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    return change_bill(
        bill_id=bill_id, kind=ChangeKind.DEFER, details=span, reason=reason, asked_by_id=asked_by_id, at=at
    )


def plan_instalments(
    *, bill_id: int, plan: str, parts: Sequence[Share], reason: str, asked_by_id: int, at: datetime
) -> Asked:
    """Let a bill be paid in parts (분할납부): "statutory" as the law allows, or a "free" plan of the office.

    Raises PartsDoNotSum, PlanNotAllowed, FactAlreadyStands, NothingUnpaid.
    """
    shares = [{"due_on": part.due_on.isoformat(), "amount": part.amount} for part in parts]
    return change_bill(
        bill_id=bill_id,
        kind=ChangeKind.INSTALMENTS,
        details={"plan": plan, "parts": shares},
        reason=reason,
        asked_by_id=asked_by_id,
        at=at,
    )


def note_contest(*, bill_id: int, from_on: date, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Note that the bill is contested (불복); collection goes on. Raises FactAlreadyStands."""
    return change_bill(
        bill_id=bill_id,
        kind=ChangeKind.CONTEST,
        details={"from_on": from_on.isoformat()},
        reason=reason,
        asked_by_id=asked_by_id,
        at=at,
    )


def hold_auction(
    *, bill_id: int, from_on: date, decided_on: date | None, reason: str, asked_by_id: int, at: datetime
) -> Asked:
    """Put a sale by auction off (공매 보류): until 30 days after the decision where its day is known."""
    until = None
    if decided_on:
        rule = dated_tables().at("auction_hold", decided_on).body
        until = (decided_on + timedelta(days=rule["days_after_decision"])).isoformat()
    return change_bill(
        bill_id=bill_id,
        kind=ChangeKind.HOLD,
        details={"from_on": from_on.isoformat(), "until_on": until},
        reason=reason,
        asked_by_id=asked_by_id,
        at=at,
    )


def note_reminder(*, bill_id: int, from_on: date, until_on: date, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Note that a reminder (독촉) was served and until when it lets pay. Raises what `enforce` refuses."""
    span = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    return change_bill(
        bill_id=bill_id, kind=ChangeKind.REMIND, details=span, reason=reason, asked_by_id=asked_by_id, at=at
    )


def note_seizure(*, bill_id: int, from_on: date, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """Note that property was seized (압류) for this bill; `end_fact` releases it. Raises what `enforce` refuses."""
    return change_bill(
        bill_id=bill_id,
        kind=ChangeKind.SEIZE,
        details={"from_on": from_on.isoformat()},
        reason=reason,
        asked_by_id=asked_by_id,
        at=at,
    )


def end_fact(*, bill_id: int, fact_id: int, on: date, reason: str, asked_by_id: int, at: datetime) -> Asked:
    """End what stands beside a bill on a day (of a hold: the day of the decision). Raises NoSuchFact."""
    return change_bill(
        bill_id=bill_id,
        kind=ChangeKind.END,
        details={"fact_id": fact_id, "on": on.isoformat()},
        reason=reason,
        asked_by_id=asked_by_id,
        at=at,
    )


def _plain(kind: ChangeKind, bill_id: int, officer_id: int, reason: str, at: datetime) -> Asked:
    return change_bill(bill_id=bill_id, kind=kind, details={}, reason=reason, asked_by_id=officer_id, at=at)
