"""Paying with points: alone, or first and the rest in another way. One transaction keeps them for the attempt; the
worker settles it as any other payment, and takes them then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from core import outbox
from mileage import services as mileage
from payments.gateways.mileage import OwnPoints
from payments.models import Attempt
from payments.rules.asking import FIRST
from payments.services.begin import Way, Wish, begin, link_secret
from payments.states import Channel, Status

OPEN_FOR: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class PaidWithPoints:
    """`secret` leads to the payer's page; `rest` is the wish for what the points don't cover, None if they do."""

    secret: str
    rest: Wish | None


def pay_with_points(*, wish: Wish, points: int, at: datetime) -> PaidWithPoints:
    """Begin a payment of so many points of whoever is signed in, at most what the wish asks to pay. Public face.

    The same form again gets the same attempt and keeps nothing twice. What is to be paid in another way is a basket's
    rest (ADR 0021): if that way fails, the points have paid their part all the same.
    Raises what `begin` raises, and `NotEnoughPoints`.
    """
    amount = min(points, wish.shown_amount)
    way = Way.SPLIT if amount < wish.shown_amount else Way.WHOLE
    with transaction.atomic():
        attempt = begin(
            wish=replace(wish, form_key=_key(wish.form_key), way=way, amount=amount),
            channel=Channel.MILEAGE,
            gateway=OwnPoints.name,
            expires_at=at + OPEN_FOR,
            ask_after=FIRST,
            at=at,
        )
        if attempt.status == Status.CREATED:
            target = {"bills": sorted(wish.bill_ids)}
            mileage.ask_use(
                reference=attempt.reference, way=mileage.Way.BILL, points=attempt.amount, target=target, at=at
            )
        outbox.publish("public.payment_returned.v1", reference=attempt.reference)
    rest = None
    if attempt.amount < wish.shown_amount:
        rest = replace(wish, basket_id=attempt.basket_id, shown_amount=wish.shown_amount - attempt.amount)
    return PaidWithPoints(link_secret(attempt.reference), rest)


def points_of_form(*, form_key: str) -> int:
    """Points that the session's form began to pay with when it was sent before: they are its own to use again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT billing_session_mark()")
        ((mark,),) = cursor.fetchall()
        begun = Attempt.objects.filter(session_mark=mark, idempotency_key=_key(form_key), channel=Channel.MILEAGE)
        return sum(begun.filter(status__in=(Status.CREATED, Status.PAID)).values_list("amount", flat=True))


def _key(form_key: str) -> str:
    return f"points-{form_key}"
