"""Points that paid a bill which asks for less by now go back as points; money goes back as money (refunds)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import connection, transaction

from billing import selectors as bills
from billing.selectors import MoneyBack, PaidOn
from mileage.services import return_days
from payments.gateways.mileage import OwnPoints
from payments.models import ReversalPart

log = structlog.get_logger(__name__)
LABEL: Final = f"{OwnPoints.name}:"


def is_points(reference: str) -> bool:
    """Whether a payment, by the name under which it stands on a bill (`gateway:movement`), was made with points."""
    return reference.startswith(LABEL)


def return_points(*, bill_ids: Collection[int], at: datetime) -> int:
    """Give back the points that bills have too many, or gave back since; how many. Worker only; safe to repeat.

    They follow from how each bill stands under the locks of a payment, so nobody has to remember what was given back
    before. Nobody decides about them again: who reduced the bill did, no account is named, and they bear no interest.
    Call it before anything else locks a bill: attempts come first, and then all bills.
    """
    with transaction.atomic():
        with_points = {bill.bill_id: _movements(bill) for bill in _with_those_in_place(bill_ids)}
        movements = sorted({one for found in with_points.values() for one in found})
        if not movements:
            return 0
        _ask("SELECT payments_hold_points(%s)", movements)
        return sum(_return(bill_id, at) for bill_id, found in sorted(with_points.items()) if found)


def _with_those_in_place(bill_ids: Collection[int]) -> Iterator[MoneyBack]:
    """These bills, and those in their place: whoever looks at one goes on to the other, with the locks of both."""
    waiting, seen = set(bill_ids), set[int]()
    while waiting:
        bill = bills.money_back(bill_id=waiting.pop())
        seen.add(bill.bill_id)
        if bill.replaced_by is not None:
            waiting |= {bill.replaced_by} - seen
        yield bill


def _movements(bill: MoneyBack) -> list[str]:
    stands = [one.reference for one in bill.payments if one.applied + one.excess > 0]
    return [reference.removeprefix(LABEL) for reference in stands if is_points(reference)]


def _return(bill_id: int, at: datetime) -> int:
    bill = bills.money_back(bill_id=bill_id)
    shares = bill.shares() if bill.replaced_by is None else {}
    with_points = [one for one in bill.payments if is_points(one.reference)]
    return sum(_give_back(bill_id, one, shares.get(one.reference, 0), at) for one in with_points)


def _give_back(bill_id: int, paid: PaidOn, share: int, at: datetime) -> int:
    """What a payment has too much on a bill, and its share of what reductions gave back."""
    part, movement = paid.excess + share, paid.reference.removeprefix(LABEL)
    if not part:
        return 0
    before = ReversalPart.objects.filter(payment__gateway=OwnPoints.name, payment__movement_id=movement).count()
    key = f"bill-{bill_id}-{before + 1}"
    values = [movement, bill_id, part, share, key, settings.ETAX_CURRENCY, return_days(), at]
    if not _ask("SELECT payments_points_back(%s, %s, %s, %s, %s, %s, %s, %s)", *values):
        return 0
    log.info("payments.points_returned", bill=bill_id, points=part)
    return part


def _ask(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        ((found,),) = cursor.fetchall()
    return found
