"""Money that had come is taken back: payments, bills, books, receipts, events, audit, log, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from payments.gateways.base import Movement
from payments.services.settle import as_json, call


class NotMoneyOut(ValueError):
    """A movement that brings money takes none back."""


class UnableToReverse(RuntimeError):
    """More would be taken back than was paid: nothing was written, and people have to look at it."""


@dataclass(frozen=True)
class Reversal:
    """`remembered`: the money that it takes back is not here yet; both are posted when it comes."""

    reversal_id: int
    repeated: bool = False
    remembered: bool = False


def reverse(
    *,
    gateway: str,
    movement: Movement,
    of_movement: str | None,
    at: datetime,
    message_id: int | None = None,
    reference: str = "",
) -> Reversal:
    """Write one movement that takes money back; its bills are owed again from their own due dates.

    `of_movement` names the movement of the same source that it undoes. Without it, `reference` names the order, whose
    last money goes first. What was too much goes before what paid a bill; the receipt is annulled, or another about
    what is left takes its place. The same movement again changes nothing. Raises `UnableToReverse`.
    """
    if movement.kind.money_came:
        raise NotMoneyOut(movement.kind)
    if not (of_movement or reference):
        raise ValueError("a reversal names a movement or an order")
    try:
        answer = call(
            "SELECT payments_reverse(%s, %s, %s, %s, %s, %s)",
            [gateway, reference, of_movement or "", as_json(movement), message_id, at],
        )
    except IntegrityError as error:
        raise UnableToReverse(str(error).splitlines()[0]) from error
    outcome = answer["outcome"]
    return Reversal(answer["reversal_id"], repeated=outcome == "repeated", remembered=outcome == "remembered")
