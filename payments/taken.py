"""Reads about money that is given or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from payments.models import Cancellation, Payment, ReversalPart
from payments.states import CancelStatus

MOST: int = 50


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
