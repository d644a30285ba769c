"""Asking for a change of a bill, deciding about it, carrying it out.

Locks, in the order of their keys: the first bill of the taxpayer that the officer may see (so that what one officer
changes for one taxpayer is added up one after the other), then the bill. A payment locks the bill's row too, so a
change and a payment of one bill come one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from billing.events import CHANGE_DECIDED
from billing.models import Bill, BillChange
from billing.selectors.city import dated_tables
from billing.services.life.acts import Act, Details, ReasonNeeded, SameOfficerDecides
from billing.services.life.claims import PRESCRIBE, REVIVE, WRITE_OFF
from billing.services.life.reduce import CANCEL, REDUCE
from billing.services.life.reissue import REISSUE
from billing.services.life.standing import CONTEST, DEFER, END, HOLD, INSTALMENTS
from billing.states import CHANGE_TRANSITIONS, ChangeKind, ChangeStatus
from core import audit, clock, outbox
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
        _lock_first_bill_beside(bill_id)
        bill = _locked(bill_id)
        amount = ACTS[kind].weigh(bill, details, at=at)
        second = ACTS[kind].counts and _needs_second(bill, asked_by_id, amount, at=at)
        change = _write(
            BillChange(
                bill=bill,
                kind=kind,
                status=ChangeStatus.PROPOSED if second else ChangeStatus.DECIDED,
                amount=amount,
                details=dict(details),
                reason=reason.strip(),
                article=ACTS[kind].article,
                needs_second=second,
                asked_by_id=asked_by_id,
                asked_at=at,
            )
        )
        _audit("asked" if second else "decided", change, actor_id=asked_by_id, reason=change.reason)
        if not second:
            _go_on(bill, change, at=at)
        return Asked(change_id=change.pk, status=ChangeStatus(change.status))


def name_change(*, bill_id: int, kind: ChangeKind, reason: str, at: datetime) -> int | None:
    """A job found a change that an officer has to confirm; None if one waits already."""
    with transaction.atomic():
        bill = _locked(bill_id)
        amount = ACTS[kind].weigh(bill, {}, at=at)
        change = BillChange(
            bill=bill,
            kind=kind,
            status=ChangeStatus.PROPOSED,
            amount=amount,
            details={},
            reason=reason,
            article=ACTS[kind].article,
            needs_second=True,
            asked_at=at,
        )
        try:
            return _write(change).pk
        except ChangeWaits:
            return None


def decide_change(*, change_id: int, decided_by_id: int, approved: bool, because: str, at: datetime) -> Asked:
    """A second officer confirms or rejects a proposed change; confirmed, it is weighed anew and carried out.

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
            ACTS[ChangeKind(change.kind)].weigh(bill, change.details, at=at)
            _go_on(bill, change, at=at)
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
            act.weigh(bill, change.details, at=at)
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


def _lock_first_bill_beside(bill_id: int) -> None:
    taxpayer = Bill.objects.values_list("taxpayer_id", flat=True).get(pk=bill_id)
    Bill.objects.select_for_update(of=("self",)).filter(taxpayer_id=taxpayer).order_by("pk").first()


def _needs_second(bill: Bill, officer_id: int, amount: int, *, at: datetime) -> bool:
    """Whether this and what the officer did alone on bills of this taxpayer lately come to more than one may decide."""
    rule = dated_tables().at("second_officer", clock.local_date(at)).body
    alone = BillChange.objects.filter(
        asked_by_id=officer_id,
        needs_second=False,
        bill__taxpayer_id=bill.taxpayer_id,
        asked_at__gt=at - timedelta(days=rule["within_days"]),
    )
    counted = alone.filter(kind__in=[kind for kind, act in ACTS.items() if act.counts])
    so_far: int = counted.aggregate(sum=Sum("amount"))["sum"] or 0
    limit: int = rule["above"]
    return so_far + amount > limit


def _write(change: BillChange) -> BillChange:
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        if "billing_change_waits_once" in str(error):
            raise ChangeWaits from error
        raise
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
