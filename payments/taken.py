"""Reads about money that is given or taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from payments.gateways import registry
from payments.gateways.base import Capability
from payments.models import Cancellation, Payment, ReversalPart
from payments.states import CancelStatus

MOST: int = 50
DONE, DECLINED = CancelStatus.DONE.value, CancelStatus.DECLINED.value


@dataclass(frozen=True)
class CardPayment:
    """A payment that may be given back by card; `kept`: minor units of it that were not taken back."""

    id: int
    reference: str
    amount: int
    kept: int
    approved_at: datetime


@dataclass(frozen=True)
class CancellationFacts:
    """A card payment that somebody wants given back, and what became of it."""

    id: int
    payment_id: int
    reference: str
    paid: int
    amount: int
    reason: str
    status: str
    asked_by: int
    asked_at: datetime
    problem: str

    @property
    def label(self) -> str:
        return str(CancelStatus(self.status).label)


def kept_of_attempt(attempt_id: int) -> int:
    """Minor units that came for an attempt and were not taken back."""
    came = Payment.objects.filter(attempt_id=attempt_id).aggregate(sum=Sum("amount"))["sum"] or 0
    gone = ReversalPart.objects.filter(payment__attempt_id=attempt_id).aggregate(sum=Sum("amount"))["sum"] or 0
    return int(came) - int(gone)


def card_payment(payment_id: int) -> CardPayment | None:
    """A card payment that the officer may see."""
    payment = Payment.objects.filter(pk=payment_id, kind="approval", attempt__isnull=False).first()
    if payment is None:
        return None
    gone = payment.taken_back.aggregate(sum=Sum("amount"))["sum"] or 0
    return CardPayment(payment.pk, payment.reference, payment.amount, payment.amount - int(gone), payment.approved_at)


def cancellations(*, waiting: bool) -> list[CancellationFacts]:
    """Wishes that nobody has decided yet, oldest first; or what became of the others, newest first. At most 50."""
    rows = Cancellation.objects.select_related("payment")
    if waiting:
        rows = rows.filter(status=CancelStatus.ASKED).order_by("asked_at", "pk")
    else:
        rows = rows.exclude(status=CancelStatus.ASKED).order_by("-asked_at", "-pk")
    return [
        CancellationFacts(
            row.pk,
            row.payment_id,
            row.payment.reference,
            row.payment.amount,
            row.amount,
            row.reason,
            row.status,
            row.asked_by_id,
            row.asked_at,
            row.problem,
        )
        for row in rows[:MOST]
    ]


@dataclass(frozen=True)
class PaidBack:
    """A payment as refunds look at it: won that came, when, and whether its gateway gives them
    back to the card, or to an account."""

    id: int
    gateway: str
    amount: int
    approved_at: datetime
    by_card: bool
    by_deposit: bool


def payments_of(labels: Collection[str]) -> dict[str, PaidBack]:
    """Payments by the labels under which they stand on bills, `gateway:movement`."""
    found = {}
    # A gateway's name may have a colon, and so may a movement's.
    movements = {label[at + 1 :] for label in labels for at, letter in enumerate(label) if letter == ":"}
    for row in Payment.objects.filter(movement_id__in=movements).select_related("attempt"):
        label = f"{row.gateway}:{row.movement_id}"
        if label in labels:
            found[label] = PaidBack(
                row.pk, row.gateway, row.amount, row.approved_at, _alone(row, "approval"), _alone(row, "deposit")
            )
    return found


def _alone(payment: Payment, kind: str) -> bool:
    """A cancellation takes what is too much first, of whichever bill: so only where the payment was for one bill."""
    if payment.kind != kind or payment.attempt is None or payment.attempt.items.count() != 1:
        return False
    try:
        return Capability.PARTIAL_CANCEL in registry.gateway(payment.gateway).capabilities
    except registry.UnknownGateway:
        return False


def running_for(*, bill_id: int) -> list[int]:
    """Cancellations that gateways carry out at this moment, of payments of this bill."""
    rows = Cancellation.objects.filter(status=CancelStatus.APPROVED, payment__attempt__items__bill_id=bill_id)
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def given_back(cancellation_ids: Collection[int]) -> dict[int, str]:
    """What became of these cancellations, as `CancelStatus` values."""
    return dict(Cancellation.objects.filter(pk__in=cancellation_ids).values_list("pk", "status"))
