"""Reads about money in suspense and about attempts whose gateway is silent, for the city's desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import BigIntegerField, F, Func, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.services.levying_bodies import body_codes
from billing import selectors as bills
from payments.models import Attempt, AttemptItem, BankLine, ForcedState, Payment, SuspenseCase, VirtualAccount
from payments.states import LIVE, DeskStatus, Status, SuspenseWay

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

MOST: Final = 50
MOST_ALIKE: Final = 10
# Somebody who began to pay and transferred the sum instead did so within about this time.
LOOK_BACK: Final = timedelta(days=60)


class _Left(TypedDict):
    left: int


@dataclass(frozen=True)
class Suspended:
    """Money in suspense; `left` minor units. `payer` and `text` are the bank's words, `number` the account paid to."""

    id: int
    gateway: str
    reference: str
    movement_id: str
    left: int
    received_at: datetime
    approved_at: datetime
    payer: str
    text: str
    number: str


@dataclass(frozen=True)
class Candidate:
    """A bill that the money may be for, and why."""

    bill: bills.BillSummary
    epay_number: str
    why: str | Promise


@dataclass(frozen=True)
class CaseFacts:
    """What an officer wants done with money in suspense, and what became of it."""

    id: int
    payment_id: int
    reference: str
    way: str
    amount: int
    epay_number: str
    account: str
    reason: str
    status: str
    asked_by: int
    asked_at: datetime


@dataclass(frozen=True)
class ForcingFacts:
    """An attempt that somebody wants ended, or that was."""

    id: int
    reference: str
    becomes: str
    reason: str
    status: str
    asked_by: int
    asked_at: datetime


@dataclass(frozen=True)
class SilentAttempt:
    """An attempt that may be ended by two officers."""

    id: int
    reference: str
    gateway: str
    amount: int
    state: str
    created_at: datetime
    asks: int


def in_suspense() -> QuerySet[WithAnnotations[Payment, _Left]]:
    """Payments of which something is left in suspense, oldest first, each with `left`; `suspense.sql` says what is."""
    left = Func(F("pk"), function="payments_in_suspense", output_field=BigIntegerField())
    return Payment.objects.filter(suspense__gt=0).annotate(left=left).filter(left__gt=0).order_by("received_at")


def suspended(payment_id: int) -> Suspended | None:
    """One payment of which something is left in suspense, with what its bank told."""
    payment = in_suspense().filter(pk=payment_id).first()
    if payment is None:
        return None
    line = (
        BankLine.objects.filter(gateway=payment.gateway, movement_id=payment.movement_id, payment=payment)
        .order_by("id")
        .first()
    )
    return Suspended(
        id=payment.pk,
        gateway=payment.gateway,
        reference=payment.reference,
        movement_id=payment.movement_id,
        left=payment.left,
        received_at=payment.received_at,
        approved_at=payment.approved_at,
        payer=line.payer if line else "",
        text=line.text if line else "",
        number=line.number if line else "",
    )


def candidates(*, money: Suspended, at: datetime) -> list[Candidate]:
    """Bills that the money may be for, the best reason first; each bill once."""
    found: dict[int, Candidate] = {}
    for number, why in _numbers(money):
        for bill in bills.search_bills(text=number, at=at):
            if bill.id not in found and bill.owed.in_force:
                found[bill.id] = Candidate(bill, number, why)
    return list(found.values())


def _numbers(money: Suspended) -> Iterator[tuple[str, str | Promise]]:
    """Electronic payment numbers with the reason for which they are looked at."""
    if money.number:
        given = VirtualAccount.objects.filter(number=money.number).order_by("-issued_at")
        for number in _of_attempts(Q(attempt__virtual_account__in=given[:MOST_ALIKE])):
            yield number, _("The account number was given out for it")
    alike = Attempt.objects.filter(
        created_at__range=(money.approved_at - LOOK_BACK, money.approved_at + timedelta(days=1)),
        amount=money.left,
        payments=None,
    ).order_by("-created_at")
    for number in _of_attempts(Q(attempt__in=list(alike.values_list("pk", flat=True)[:MOST_ALIKE]))):
        yield number, _("Somebody began to pay exactly this sum")


def _of_attempts(which: Q) -> list[str]:
    items = AttemptItem.objects.filter(which).order_by("-attempt_id", "id")
    return list(items.values_list("bill__epay_number", flat=True)[:MOST_ALIKE])


def cases(*, waiting: bool) -> list[CaseFacts]:
    """What waits for a second officer, oldest first, or what was decided, newest first; at most 50."""
    rows = SuspenseCase.objects.select_related("payment", "bill")
    if waiting:
        rows = rows.filter(status=DeskStatus.ASKED).order_by("asked_at")
    else:
        rows = rows.exclude(status=DeskStatus.ASKED).order_by("-decided_at")
    return [
        CaseFacts(
            id=row.pk,
            payment_id=row.payment_id,
            reference=f"{row.payment.gateway} {row.payment.movement_id}",
            way=str(SuspenseWay(row.way).label),
            amount=row.amount,
            epay_number=row.bill.epay_number if row.bill else "",
            account=f"{row.bank} {row.number} {row.holder}".strip(),
            reason=row.reason,
            status=str(DeskStatus(row.status).label),
            asked_by=row.asked_by_id,
            asked_at=row.asked_at,
        )
        for row in rows[:MOST]
    ]


def forcings(*, waiting: bool) -> list[ForcingFacts]:
    """Attempts that somebody wants ended, oldest first, or that were decided about, newest first; at most 50."""
    rows = ForcedState.objects.select_related("attempt")
    if waiting:
        rows = rows.filter(status=DeskStatus.ASKED).order_by("asked_at")
    else:
        rows = rows.exclude(status=DeskStatus.ASKED).order_by("-decided_at")
    return [
        ForcingFacts(
            id=row.pk,
            reference=row.attempt.reference,
            becomes=str(Status(row.becomes).label),
            reason=row.reason,
            status=str(DeskStatus(row.status).label),
            asked_by=row.asked_by_id,
            asked_at=row.asked_at,
        )
        for row in rows[:MOST]
    ]


def silent_attempt(reference: str) -> SilentAttempt | None:
    """An attempt that has not ended."""
    attempt = Attempt.objects.filter(reference=reference, status__in=LIVE).first()
    if attempt is None:
        return None
    return SilentAttempt(
        id=attempt.pk,
        reference=attempt.reference,
        gateway=attempt.gateway,
        amount=attempt.amount,
        state=str(Status(attempt.status).label),
        created_at=attempt.created_at,
        asks=attempt.asks,
    )


@dataclass(frozen=True)
class ToReturn:
    """Money out of suspense that two officers want sent back: won, when it came, and the account that it came from."""

    case_id: int
    payment_id: int
    amount: int
    came_at: datetime
    decided_at: datetime
    bank: str
    number: str
    holder: str
    city: str


def to_return(*, case_id: int) -> ToReturn:
    """What was decided about money in suspense that goes back. Worker only. Raises SuspenseCase.DoesNotExist."""
    row = SuspenseCase.objects.select_related("payment").get(
        pk=case_id, way=SuspenseWay.RETURN, status=DeskStatus.DONE, decided_at__isnull=False
    )
    (city,) = sorted(body_codes(kinds=["city"]))[:1]
    return ToReturn(
        row.pk,
        row.payment_id,
        row.amount,
        row.payment.approved_at,
        row.decided_at or row.asked_at,
        row.bank,
        row.number,
        row.holder,
        city,
    )
