from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.db import transaction
from django.db.models import QuerySet

from payments.bankfiles.states import Fate
from payments.gateways.base import Movement, MovementKind
from payments.models import BankLine, Reversal, VirtualAccount
from payments.services.reverse import UnableToReverse, reverse

log = structlog.get_logger(__name__)
NOT_GIVEN: Final = ("", "NOTPROVIDED")


def take_back(*, line: BankLine, at: datetime) -> Fate:
    """Post a deposit that the bank took back (입금 취소). It names the deposit by the bank's reference, else by the
    payer's if that tells which; else it is the last one of that sum to the same number. A deposit that is not here yet
    is waited for.
    """
    movement = Movement(line.movement_id, MovementKind.DEPOSIT_RETURN, -line.amount, line.at)
    of_movement, reference = _undone(line)
    if not (of_movement or reference):
        return Fate.UNMATCHED
    try:
        with transaction.atomic():
            reverse(gateway=line.gateway, movement=movement, of_movement=of_movement, reference=reference, at=at)
    except UnableToReverse:
        log.warning("payments.bank_line_takes_back_too_much", line=line.pk)
        return Fate.UNMATCHED
    return Fate.REVERSED


def _undone(line: BankLine) -> tuple[str | None, str]:
    """The movement that a line undoes, or the order whose last money it takes."""
    undone = Reversal.objects.filter(gateway=line.gateway).exclude(of_movement="").values("of_movement")
    came = BankLine.objects.filter(
        gateway=line.gateway, fate__in=(Fate.SETTLED, Fate.SUSPENDED), amount__gte=-line.amount
    ).order_by("at", "pk")
    for named in _ways(line, came):
        found = named.exclude(movement_id__in=undone).last() or named.last()
        if found is not None:
            return found.movement_id, ""
    held = VirtualAccount.objects.filter(
        number=line.number, attempt__gateway=line.gateway, issued_at__lte=line.at
    ).order_by("issued_at")
    holder = held.select_related("attempt").last() if line.number else None
    if holder is not None:
        return None, holder.attempt.reference
    return line.own_ref or line.entry_ref or None, ""


def _ways(line: BankLine, came: QuerySet[BankLine]) -> list[QuerySet[BankLine]]:
    ways = []
    if line.own_ref:
        ways.append(came.filter(own_ref=line.own_ref))
    if line.end_to_end not in NOT_GIVEN:
        said = came.filter(end_to_end=line.end_to_end)
        if line.number:
            ways.append(said.filter(number=line.number))
        elif said.count() == 1:  # payers choose it, also one that somebody else chose: people decide then
            ways.append(said)
    if line.number:
        ways.append(came.filter(number=line.number, amount=-line.amount, at__lte=line.at))
    return ways
