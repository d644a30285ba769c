"""A bank's own file of messages: what it sent and may not have been heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from core import clock
from payments.atm.banks import codec
from payments.atm.books import teller_with
from payments.atm.decide import ADVICE_WITHIN
from payments.atm.frames import frames_of
from payments.atm.hours import hours_of_the_city
from payments.atm.words import Asked, Kind, Malformed, NotAuthentic

MONEY: Final = frozenset({Kind.PAYMENT, Kind.ADVICE, Kind.REVERSAL})


def replay(*, bank: str, data: bytes) -> Iterator[str]:
    """One line for each message: its number in the file, kind, transaction and response code.

    The file is read whole before anything is done. Raises `Malformed` for one that is not made of frames.
    """
    reading, answer = codec(), teller_with(hours_of_the_city(), as_of=own_moment)
    for number, message in enumerate(frames_of(data), start=1):
        try:
            asked = reading.read(message, at=clock.now())
        except (Malformed, NotAuthentic) as refused:
            yield f"{number} refused: {refused}"
            continue
        if asked.bank != bank:
            yield f"{number} refused: of another bank"
        elif asked.kind in MONEY:
            yield f"{number} {asked.kind.value} {asked.transaction} {answer(asked).code.value}"
        else:
            yield f"{number} {asked.kind.value} moves no money"


def own_moment(asked: Asked, at: datetime) -> datetime:
    """A request of a file is judged as when it was sent: by its own clock, by the hours of then.

    One from later than now, or from longer ago than an advice may tell of, is judged by now, which declines it.
    """
    if asked.kind != Kind.PAYMENT or asked.at is None:
        return at
    return asked.at if at - ADVICE_WITHIN <= asked.at <= at else at
