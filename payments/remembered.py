"""Reads about money taken back whose payment is not here: it waits for it, and people look into what waits long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.models import Attempt, Payment, Reversal
from payments.states import Status


@dataclass(frozen=True)
class Remembered:
    """A reversal that waits; `known` says what is here of the payment that it names, `attempt` its reference."""

    id: int
    gateway: str
    movement_id: str
    names: str
    kind: str
    amount: int
    moved_at: datetime
    received_at: datetime
    attempt: str
    known: str | Promise


def waiting() -> QuerySet[Reversal]:
    """Not posted, oldest first."""
    return Reversal.objects.filter(posted_at=None).order_by("received_at", "pk")


def waiting_since() -> datetime | None:
    """When the oldest of them came; None where none waits."""
    oldest: datetime | None = waiting().aggregate(at=Min("received_at"))["at"]
    return oldest


def described(found: list[Reversal]) -> list[Remembered]:
    """With what is known of the payments that they name."""
    return [_described(one) for one in found]


def _described(one: Reversal) -> Remembered:
    paid = Payment.objects.filter(gateway=one.gateway, movement_id=one.of_movement).select_related("attempt").first()
    attempt = paid.attempt if paid else None
    if attempt is None and one.reference:
        attempt = Attempt.objects.filter(gateway=one.gateway, reference=one.reference).first()
    if paid:
        known: str | Promise = _(
            "Its payment is here, and less is left of it: it was given back or assigned otherwise."
        )
    elif attempt:
        known = Status(attempt.status).label
    else:
        known = _("No payment of ours has this name.")
    return Remembered(
        id=one.pk,
        gateway=one.gateway,
        movement_id=one.movement_id,
        names=one.of_movement or one.reference,
        kind=one.get_kind_display(),
        amount=one.amount,
        moved_at=one.moved_at,
        received_at=one.received_at,
        attempt=attempt.reference if attempt else "",
        known=known,
    )
