"""Reads of what one officer asks for about a refund and another decides: accounts, and ends of claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from refunds.models import Destination, Loss, Recovery, Refund
from refunds.services.account_of import sender_of
from refunds.services.standing import claimed_back
from refunds.states import OVER, DeskStatus, RecoveryWay

MOST: Final = 20


@dataclass(frozen=True, kw_only=True)
class AccountNamed:
    """An account for money of nobody; officers of the city decide about it by its whole number."""

    id: int
    bank: str
    number: str
    holder: str
    reason: str
    status: str
    asked_by: int
    asked_at: datetime

    @property
    def label(self) -> str:
        return str(DeskStatus(self.status).label)

    @property
    def waits(self) -> bool:
        return self.status == DeskStatus.ASKED


@dataclass(frozen=True, kw_only=True)
class ClaimEnd:
    """Won of a claim that came back, or were given up. `source`: the reference of the refund that kept them."""

    id: int
    amount: int
    way: str
    source: str
    reason: str
    status: str
    asked_by: int | None
    at: datetime

    @property
    def label(self) -> str:
        return str(DeskStatus(self.status).label)

    @property
    def how(self) -> str:
        return str(RecoveryWay(self.way).label)

    @property
    def waits(self) -> bool:
        return self.status == DeskStatus.ASKED


@dataclass(frozen=True, kw_only=True)
class SentTo:
    """Where money of nobody goes as things stand."""

    bank: str
    number: str
    holder: str


def destinations(refund_id: int) -> list[AccountNamed]:
    """Accounts that officers named for it, the newest first."""
    rows = Destination.objects.filter(refund_id=refund_id).order_by("-pk")[:MOST]
    return [
        AccountNamed(
            id=row.pk,
            bank=row.bank,
            number=row.number,
            holder=row.holder,
            reason=row.reason,
            status=row.status,
            asked_by=row.asked_by_id,
            asked_at=row.asked_at,
        )
        for row in rows
    ]


def goes_to(refund_id: int) -> SentTo | None:
    """The account that money of nobody goes to: the one it came from, or the one that two officers named.

    None where the money has an owner, or has left.
    """
    row = Refund.objects.filter(pk=refund_id, taxpayer=None).exclude(status__in=OVER).first()
    if row is None:
        return None
    to = sender_of(row)
    return SentTo(bank=to.bank, number=to.account, holder=to.holder)


def claim_ends(refund_id: int) -> list[ClaimEnd]:
    """How what was claimed back of it ended, or shall, the newest first."""
    rows = Recovery.objects.filter(refund_id=refund_id).select_related("source").order_by("-pk")[:MOST]
    return [
        ClaimEnd(
            id=row.pk,
            amount=row.amount,
            way=row.way,
            source=row.source.reference if row.source else "",
            reason=row.reason,
            status=row.status,
            asked_by=row.asked_by_id,
            at=row.decided_at or row.asked_at,
        )
        for row in rows
    ]


def claimed(refund_id: int) -> int:
    """Won of it that left, have to come back, and did not yet."""
    return claimed_back(Refund.objects.get(pk=refund_id))


def with_claims() -> QuerySet[Refund]:
    """Refunds of which something was claimed back, the newest first; those that ended too."""
    return Refund.objects.filter(pk__in=Loss.objects.filter(claimed_back__gt=0).values("refund")).order_by("-pk")


def claims_left(rows: Sequence[Refund]) -> dict[int, int]:
    """What is still claimed of each."""
    return {row.pk: claimed_back(row) for row in rows}
