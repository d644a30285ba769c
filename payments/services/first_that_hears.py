"""The first call of a payment goes to the first gateway that can be reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import structlog
from django.db import connection

from payments.gateways import registry, routing
from payments.gateways.base import Gateway, Outcome, Unknown
from payments.models import Attempt

T = TypeVar("T")
log = structlog.get_logger(__name__)


def first_that_hears(
    *, attempt: Attempt, secret: str, gateways: Sequence[Gateway], ask: Callable[[Gateway], Outcome[T]]
) -> Outcome[T]:
    """Ask the attempt's gateway; where it can't even be reached, hand the attempt over to the next and ask that one.

    A gateway that may have heard keeps its attempt, whatever it answered: it may have taken the money.
    """
    line = [registry.gateway(attempt.gateway), *(one for one in gateways if one.name != attempt.gateway)]
    outcome = _asked(line[0], ask)
    for before, after in pairwise(line):
        if not (isinstance(outcome, Unknown) and outcome.unsent) or not _handed_over(secret, before, after):
            break
        outcome = _asked(after, ask)
    return outcome


def _asked(gateway: Gateway, ask: Callable[[Gateway], Outcome[T]]) -> Outcome[T]:
    """A lost answer is asked for once more with the same key, which opens nothing twice."""
    outcome = ask(gateway)
    if isinstance(outcome, Unknown) and not outcome.unsent:
        again = ask(gateway)
        outcome = Unknown(again.reason) if isinstance(again, Unknown) else again
    routing.note(gateway.name, outcome)
    return outcome


def _handed_over(secret: str, before: Gateway, after: Gateway) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_reroute(%s, %s, %s)", [secret, before.name, after.name])
        (done,) = cursor.fetchone()
    log.warning("payment.rerouted", before=before.name, after=after.name, done=done)
    return bool(done)
