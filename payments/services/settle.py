"""Money that came is written down once: payment, bills, books, receipt, events, audit, log."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection

from payments import selectors
from payments.gateways.base import Movement
from payments.rules.allocation import allocate

TRIES: Final = 20


class UnknownOrder(LookupError):
    """The order is not one of ours: its money goes to suspense."""


class UnableToSettle(RuntimeError):
    """Other money kept coming to the same attempt; nothing was written, and the sweep asks again."""


class NotMoneyIn(ValueError):
    """A movement that takes money back is no payment."""


@dataclass(frozen=True)
class Settlement:
    """`applied` settled bills, `excess` is more than they owed; minor units, zero where it was written before."""

    payment_id: int
    repeated: bool
    applied: int = 0
    excess: int = 0


@dataclass(frozen=True)
class Inexact:
    """Nothing was written: the movement is not just what was asked for. `order` is None where the order is not ours."""

    order: selectors.OrderFacts | None


def settle_exactly(
    *, gateway: str, reference: str, movement: Movement, at: datetime, message_id: int | None = None
) -> Settlement | Inexact:
    """Write a movement of exactly what an order asked for, before which nothing came, in one round trip."""
    if not movement.kind.money_came:
        raise NotMoneyIn(movement.kind)
    answer = call(
        "SELECT payments_settle_exactly(%s, %s, %s, %s, %s)", [gateway, reference, as_json(movement), message_id, at]
    )
    if answer["outcome"] == "inexact":
        return Inexact(selectors.as_order(answer["order"]))
    return as_settlement(answer)


def settle(
    *,
    gateway: str,
    reference: str,
    movement: Movement,
    at: datetime,
    message_id: int | None = None,
    order: selectors.OrderFacts | None = None,
) -> Settlement:
    """Write one movement of money to the attempt it was made for. The same movement again changes nothing.

    The writing is one call and one transaction, so where none runs it is one round trip. `order` spares a read to
    whoever has just made it. Raises `UnknownOrder`.
    """
    if not movement.kind.money_came:
        raise NotMoneyIn(movement.kind)
    for _ in range(TRIES):
        order = order or selectors.order(gateway=gateway, reference=reference, movement_id=movement.id)
        if order is None:
            raise UnknownOrder(reference)
        shares = allocate(items=order.items, already=order.already, amount=movement.amount)
        answer = call(
            "SELECT payments_settle(%s, %s, %s, %s, %s, %s, %s)",
            [
                gateway,
                order.attempt_id,
                order.already,
                as_json(movement),
                json.dumps([asdict(share) for share in shares]),
                message_id,
                at,
            ],
        )
        if answer["outcome"] != "stale":
            return as_settlement(answer)
        order = None
    raise UnableToSettle(reference)


def suspend(
    *, gateway: str, reference: str, movement: Movement, at: datetime, message_id: int | None = None
) -> Settlement:
    """Write money that fits no attempt of ours to suspense (가수금), once per movement."""
    if not movement.kind.money_came:
        raise NotMoneyIn(movement.kind)
    answer = call(
        "SELECT payments_suspend(%s, %s, %s, %s, %s)", [gateway, reference, as_json(movement), message_id, at]
    )
    return as_settlement(answer)


def as_json(movement: Movement) -> str:
    return json.dumps(
        {
            "id": movement.id,
            "kind": movement.kind.value,
            "amount": movement.amount,
            "currency": settings.ETAX_CURRENCY,
            "at": movement.at.isoformat(),
            "of": movement.of,
        }
    )


def as_settlement(answer: dict[str, Any]) -> Settlement:
    repeated = answer["outcome"] == "repeated"
    return Settlement(answer["payment_id"], repeated, answer.get("applied", 0), answer.get("excess", 0))


def call(query: str, values: list[Any]) -> dict[str, Any]:
    """The answer of one posting function."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        (answer,) = cursor.fetchone()
    return dict(json.loads(answer) if isinstance(answer, str) else answer)
