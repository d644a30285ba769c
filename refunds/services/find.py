"""Finding what is to go back: a bill's money is compared with the refunds that exist for it, so each won is found once.

The events only say where to look. Whatever order they come in, and however often, the bill's row is locked and its
present state decides; a night's round looks at every bill that ever had something to give back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from billing import selectors as bills
from billing.rules.dated import DatedTables
from billing.selectors import GivenBack, MoneyBack, PaidOn
from billing.selectors.city import dated_tables
from core import audit, clock, log, outbox
from core.identifiers import new_reference
from core.one_by_one import one_by_one
from payments import suspended, taken
from payments.services import is_points, return_points
from payments.taken import PaidBack
from refunds.events import REFUND_OPENED
from refunds.models import Leg, Part, Recovery, Refund
from refunds.rules.figures import Paid, expires, last_paid_first
from refunds.services.figure import compute
from refunds.services.lose import lose
from refunds.states import Cause, DeskStatus, LegStatus, Origin, RecoveryWay, Way

# An event that was not heard for so long is an outage that people know of.
LOOK_BACK: Final = timedelta(days=40)
# What an adjustment of billing is until an officer says more exactly which kind of reduction it was.
CAUSES: Final = {"cancelled": Cause.CANCELLED, "corrected": Cause.CORRECTED, "moved": Cause.REDUCED}


def look_at_bill(*, bill_id: int, at: datetime) -> None:
    """Open what a bill has to give back and no refund has yet; lower what is no longer owed. Safe to repeat.

    Points that paid it go back as points (ADR 0031), and no refund is opened for them.
    """
    return_points(bill_ids=[bill_id], at=at)
    with transaction.atomic():
        found = bills.money_back(bill_id=bill_id, lock=True)
        payments = taken.payments_of([one.reference for one in found.payments])
        tables = dated_tables()
        for opening in (False, True):  # what is no longer owed makes room first
            for payment in found.payments:
                _overpaid(found, payment, payments.get(payment.reference), tables, at, opening=opening)
            if found.replaced_by is None:
                _given_back(found, tables, at, opening=opening)
    if found.replaced_by is not None:  # it has the same money, and what was given back of it
        look_at_bill(bill_id=found.replaced_by, at=at)


def look_at_all(*, at: datetime) -> int:
    """The night's round over what happened in the last weeks; how many bills were looked at."""
    found = bills.bills_with_money_back(since=at - LOOK_BACK)
    one_by_one(found, _look, at=at)
    return len(found)


def _look(bill_id: int, at: datetime) -> None:
    look_at_bill(bill_id=bill_id, at=at)


def return_to_sender(*, case_id: int, at: datetime) -> int:
    """Money that was for no bill, which two officers want sent back to the account it came from. Once for a case."""
    with transaction.atomic():
        case = suspended.to_return(case_id=case_id)
        known = Refund.objects.filter(source=f"suspense:{case_id}").first()
        if known:
            return known.pk
        came = clock.local_date(case.came_at)
        return _open(
            source=f"suspense:{case_id}",
            facts={
                "body_id": case.city,
                "tax": "unassigned",
                "payment_id": case.payment_id,
                "cause": Cause.NO_TAX,
                "origin": Origin.PAYABLE,
                "way": Way.ACCOUNT,
            },
            arose=clock.local_date(case.decided_at),
            parts=[Paid(on=came, amount=case.amount)],
            tables=dated_tables(),
            at=at,
        )


def _overpaid(
    bill: MoneyBack, paid: PaidOn, payment: PaidBack | None, tables: DatedTables, at: datetime, *, opening: bool
) -> None:
    """What a payment has too much on a bill, against the refunds of it."""
    if payment is None or is_points(paid.reference):
        return
    mine = Refund.objects.filter(bill_id=bill.bill_id, payment_id=payment.id, origin=Origin.OVERPAYMENT)
    if Leg.objects.filter(refund__in=mine, by_gateway=True, status__in=(LegStatus.SENT, LegStatus.UNKNOWN)).exists():
        return  # the gateway gives it back at this moment; we look again when it has said so
    live = _live(mine)
    by_gateway = Leg.objects.filter(refund__in=mine, by_gateway=True, status=LegStatus.PAID)
    owed = paid.excess + (by_gateway.aggregate(won=Sum("principal"))["won"] or 0)
    if owed < live and not opening:
        lose(list(mine.order_by("-id")), live - owed, at=at)
    elif owed > live and opening:
        _open(
            source=f"overpaid:{payment.id}/{bill.bill_id}/{mine.count() + 1}",
            facts={
                **_of(bill),
                "payment_id": payment.id,
                "cause": Cause.PAID_BY_MISTAKE if paid.applied else Cause.PAID_TWICE,
                "origin": Origin.OVERPAYMENT,
                "by_card": payment.by_card,
                "by_deposit": payment.by_deposit,
            },
            arose=paid.paid_on,
            parts=[Paid(on=paid.paid_on, amount=owed - live)],
            tables=tables,
            at=at,
        )


def _given_back(bill: MoneyBack, tables: DatedTables, at: datetime, *, opening: bool) -> None:
    """What reductions gave back, as far as the money that they gave back is here; it may go and come again."""
    mine = Refund.objects.filter(bill_id__in=[bill.bill_id, *bill.in_place_of], origin=Origin.PAYABLE)
    backed = sum(part for reference, part in bill.shares().items() if not is_points(reference))
    live = _live(mine)
    if backed < live and not opening:
        lose(list(mine.order_by("-id")), live - backed, at=at)
    for given in bill.given_back if opening else ():
        of_it = mine.filter(Q(source=given.source) | Q(source__startswith=f"{given.source}/"))
        part = min(given.amount - _live(of_it), backed - live)
        if part > 0:
            live += part
            source = f"{given.source}/{of_it.count() + 1}" if of_it.exists() else given.source
            told = _told(of_it)
            _open_given_back(bill, given, source=source, amount=part, told=told, tables=tables, at=at)


def _open_given_back(
    bill: MoneyBack,
    given: GivenBack,
    *,
    source: str,
    amount: int,
    told: dict[str, Any],
    tables: DatedTables,
    at: datetime,
) -> None:
    money = [one for one in bill.payments if one.applied > 0 and not is_points(one.reference)]
    paid = [Paid(on=one.paid_on, amount=one.applied) for one in money]
    cause = CAUSES[given.kind]
    _open(
        source=source,
        facts={
            **_of(bill),
            "cause": cause,
            "origin": Origin.PAYABLE,
            "event_on": given.on if cause == Cause.REDUCED else None,
            **told,
        },
        arose=given.on,
        parts=last_paid_first(paid=paid, amount=amount),
        tables=tables,
        at=at,
    )


def _told(earlier: QuerySet[Refund]) -> dict[str, Any]:
    """Why the change was made, if somebody told it when its money went back the first time."""
    names = ("cause", "event_on", "final_on", "told_by", "requested_on")
    return dict(earlier.exclude(told_by="").order_by("-pk").values(*names).first() or {})


def _of(bill: MoneyBack) -> dict[str, Any]:
    return {"taxpayer_id": bill.taxpayer_id, "body_id": bill.body, "tax": bill.tax, "bill_id": bill.bill_id}


def _live(refunds: QuerySet[Refund]) -> int:
    """What refunds were found for: also what they kept for a claim back, which would be found again otherwise."""
    kept = Recovery.objects.filter(source__in=refunds, way=RecoveryWay.KEPT, status=DeskStatus.DONE)
    sums = refunds.aggregate(won=Sum(F("amount") - F("lost")))
    return int(sums["won"] or 0) + int(kept.aggregate(won=Sum("amount"))["won"] or 0)


def _open(
    *, source: str, facts: dict[str, Any], arose: date, parts: Sequence[Paid], tables: DatedTables, at: datetime
) -> int:
    refund = Refund.objects.create(
        reference=new_reference("REF"),
        source=source,
        amount=sum(one.amount for one in parts),
        arose_on=arose,
        expires_on=expires(arose=arose, tables=tables),
        opened_at=at,
        **facts,
    )
    Part.objects.bulk_create(Part(refund=refund, paid_on=one.on, amount=one.amount) for one in parts)
    compute(refund_id=refund.pk, at=at)
    told = {"refund_id": refund.pk, "taxpayer_id": refund.taxpayer_id, "amount": refund.amount}
    outbox.publish(REFUND_OPENED, **told)
    audit.record(
        action="refund.opened",
        subject=f"refund:{refund.pk}",
        taxpayer_id=refund.taxpayer_id,
        details={"source": source, "amount": refund.amount, "cause": str(refund.cause)},
    )
    log.append_leaf(
        kind="refund",
        reference=refund.reference,
        content={"refund": refund.pk, "source": source, "amount": refund.amount, "cause": str(refund.cause)},
    )
    return refund.pk
