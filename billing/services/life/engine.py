"""Asking for a change of a bill, deciding about it, carrying it out.

Locks: the bill's row, which a payment locks too, so a change and a payment of one bill come one after the other; then
the officer's turn. The database says whether a second officer has to decide (`threshold.sql`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from billing.events import CHANGE_DECIDED, CLAIM_CHANGE_REFUSED
from billing.models import Bill, BillChange
from billing.services.life.acts import Act, Details, ReasonNeeded, SameOfficerDecides
from billing.services.life.claims import PRESCRIBE, REVIVE, WRITE_OFF
from billing.services.life.enforce import REMIND, SEIZE
from billing.services.life.reduce import CANCEL, REDUCE
from billing.services.life.reissue import REISSUE
from billing.services.life.standing import CONTEST, DEFER, END, HOLD, INSTALMENTS
from billing.states import CHANGE_TRANSITIONS, ChangeKind, ChangeStatus
from core import audit, outbox
from core.errors import Refusal
from core.states import StaleState, move

ACTS: Final[Mapping[ChangeKind, Act]] = {
    ChangeKind.REDUCE: REDUCE,
    ChangeKind.CANCEL: CANCEL,
    ChangeKind.REISSUE: REISSUE,
    ChangeKind.WRITE_OFF: WRITE_OFF,
    ChangeKind.REVIVE: REVIVE,
    ChangeKind.PRESCRIBE: PRESCRIBE,
    ChangeKind.DEFER: DEFER,
    ChangeKind.INSTALMENTS: INSTALMENTS,
    ChangeKind.CONTEST: CONTEST,
    ChangeKind.HOLD: HOLD,
    ChangeKind.REMIND: REMIND,
    ChangeKind.SEIZE: SEIZE,
    ChangeKind.END: END,
}


class ChangeNotWaiting(Refusal):
    message = _("This change no longer waits for a decision.")


class ChangeWaits(Refusal):
    message = _("The same change of this bill waits for a second officer already.")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What became of a change: done at once, being carried out, or waiting for a second officer."""

    change_id: int
    status: ChangeStatus


def change_bill(
    *, bill_id: int, kind: ChangeKind, details: Details, reason: str, asked_by_id: int, at: datetime
) -> Asked:
    """Change a bill as an officer asks, or keep it as proposed where the sum wants a second officer.

    Raises Bill.DoesNotExist, ReasonNeeded, ChangeWaits, and what the kind of change refuses.
    """
    if not reason.strip():
        raise ReasonNeeded
    with transaction.atomic():
        bill = _locked(bill_id)
        ACTS[kind].check(bill, details, at=at)
        change = _write(bill, kind, details, reason=reason.strip(), asked_by_id=asked_by_id, at=at)
        waits = change.status == ChangeStatus.PROPOSED
        _audit("asked" if waits else "decided", change, actor_id=asked_by_id, reason=change.reason)
        if not waits:
            _go_on(bill, change, at=at)
        return Asked(change_id=change.pk, status=ChangeStatus(change.status))


def name_change(*, bill_id: int, kind: ChangeKind, reason: str, at: datetime) -> int | None:
    """A job found a change that an officer has to confirm; None if one waits already."""
    with transaction.atomic():
        bill = _locked(bill_id)
        ACTS[kind].check(bill, {}, at=at)
        try:
            return _write(bill, kind, {}, reason=reason, asked_by_id=None, at=at).pk
        except ChangeWaits:
            return None


def decide_change(*, change_id: int, decided_by_id: int, approved: bool, because: str, at: datetime) -> Asked:
    """A second officer confirms or rejects a proposed change; confirmed, it is checked anew and carried out.

    Raises BillChange.DoesNotExist, SameOfficerDecides, ChangeNotWaiting, ReasonNeeded (a rejection says why), and what
    the kind of change refuses by now.
    """
    if not approved and not because.strip():
        raise ReasonNeeded
    with transaction.atomic():
        bill = _locked(BillChange.objects.values_list("bill_id", flat=True).get(pk=change_id))
        change = BillChange.objects.get(pk=change_id)
        if change.asked_by_id == decided_by_id:
            raise SameOfficerDecides
        new = ChangeStatus.DECIDED if approved else ChangeStatus.REJECTED
        facts = {"decided_by_id": decided_by_id, "decided_at": at, "decided_because": because.strip()}
        _move(change, ChangeStatus.PROPOSED, new, **facts)
        _audit("decided" if approved else "rejected", change, actor_id=decided_by_id, reason=because)
        if approved:
            ACTS[ChangeKind(change.kind)].check(bill, change.details, at=at)
            _go_on(bill, change, at=at)
        elif "claim" in change.details:
            outbox.publish(CLAIM_CHANGE_REFUSED, change_id=change.pk, claim_id=change.details["claim"]["id"])
        return Asked(change_id=change.pk, status=ChangeStatus(change.status))


def carry_out(*, change_id: int, at: datetime) -> None:
    """Worker: carry out a decided change that makes new numbers. Done again it does nothing.

    What is refused by now (the bill was paid or cancelled meanwhile) is rejected with the reason.
    """
    with transaction.atomic():
        bill = _locked(BillChange.objects.values_list("bill_id", flat=True).get(pk=change_id))
        change = BillChange.objects.get(pk=change_id)
        if change.status != ChangeStatus.DECIDED:
            return
        act = ACTS[ChangeKind(change.kind)]
        try:
            act.check(bill, change.details, at=at)
        except Refusal as refusal:
            _move(change, ChangeStatus.DECIDED, ChangeStatus.REJECTED, decided_because=str(refusal.message))
            return
        act.do(bill, change, at=at)
        _move(change, ChangeStatus.DECIDED, ChangeStatus.DONE, done_at=at)


def _go_on(bill: Bill, change: BillChange, *, at: datetime) -> None:
    act = ACTS[ChangeKind(change.kind)]
    if act.by_worker:
        outbox.publish(CHANGE_DECIDED, change_id=change.pk)
        return
    act.do(bill, change, at=at)
    _move(change, ChangeStatus.DECIDED, ChangeStatus.DONE, done_at=at)


def _locked(bill_id: int) -> Bill:
    return Bill.objects.select_for_update(of=("self",)).get(pk=bill_id)


def _write(
    bill: Bill, kind: ChangeKind, details: Details, *, reason: str, asked_by_id: int | None, at: datetime
) -> BillChange:
    """The change as the database weighed it: proposed where another officer has to decide, else decided."""
    change = BillChange(
        bill=bill,
        kind=kind,
        status=ChangeStatus.PROPOSED,
        amount=0,
        details=dict(details),
        reason=reason,
        article=ACTS[kind].article,
        needs_second=True,
        asked_by_id=asked_by_id,
        asked_at=at,
    )
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        if "billing_change_waits_once" in str(error):
            raise ChangeWaits from error
        raise
    change.refresh_from_db(fields=["status", "amount", "needs_second", "asked_at"])
    return change


def _move(change: BillChange, old: ChangeStatus, new: ChangeStatus, **facts: object) -> None:
    try:
        move(BillChange, change.pk, transitions=CHANGE_TRANSITIONS, old=old, new=new, **facts)
    except StaleState:
        raise ChangeNotWaiting from None
    change.status = new


def _audit(verb: str, change: BillChange, *, actor_id: int, reason: str) -> None:
    audit.record(
        action=f"billing.change_{verb}",
        subject=f"bill:{change.bill_id}",
        actor_id=actor_id,
        taxpayer_id=change.bill.taxpayer_id,
        reason=reason,
        details={"change": change.pk, "kind": change.kind, "amount": change.amount},
    )
