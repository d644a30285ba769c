"""Messages that were stored and never concluded, because the process died in between: the sweep brings them here."""

from __future__ import annotations

from datetime import datetime

from payments.atm import teller
from payments.atm.banks import codec
from payments.atm.hours import hours_of_the_city
from payments.atm.words import Kind, Malformed
from payments.services.take_notification import conclude
from payments.states import Verdict


def is_of_a_bank(gateway: str) -> bool:
    return gateway.startswith("atm:")


def take_up(*, message_id: int, body: bytes, received_at: datetime, at: datetime) -> None:
    """An advice or a reversal happened, so it is done now. A request without an answer is not: the bank reverses it."""
    try:
        asked = codec().read_kept(body, at=received_at)
    except Malformed as malformed:
        conclude(message_id, Verdict.SET_ASIDE, problem=str(malformed))
        return
    if asked.kind in {Kind.ADVICE, Kind.REVERSAL}:
        teller.answer(asked=asked, hours=hours_of_the_city(), at=at)
    else:
        conclude(message_id, Verdict.SET_ASIDE, problem="a request that got no answer", reference=asked.transaction)
