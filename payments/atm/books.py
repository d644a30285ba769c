"""How the host's threads reach the books: a connection each, kept open; what fails is answered as what it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from threading import Barrier

import structlog
from django.db import InterfaceError, OperationalError, connection

from core import clock
from payments.atm import teller
from payments.atm.hours import Hours
from payments.atm.words import Answer, Asked, Code

log = structlog.get_logger(__name__)


def let_go(pool: Executor, *, threads: int) -> None:
    """Close the connection of each of the pool's threads: all wait for the last, so that none does it twice."""
    last = Barrier(threads)

    def close(_: int) -> None:
        connection.close()
        last.wait()

    list(pool.map(close, range(threads)))


def teller_with(
    hours: Hours, *, as_of: Callable[[Asked, datetime], datetime] = lambda _, at: at
) -> Callable[[Asked], Answer]:
    """What answers one message in the running thread and never raises; `as_of` as the teller's.

    A connection that broke is made anew once: every step may be done twice. After that the books are away (91); any
    other error leaves us not knowing (96), and the bank's repeat finds out.
    """

    def answer(asked: Asked) -> Answer:
        for last in (False, True):
            try:
                at = clock.now()
                return teller.answer(asked=asked, hours=hours, at=at, as_of=as_of(asked, at))
            except (OperationalError, InterfaceError) as error:
                connection.close()
                if last:
                    log.error("atm.books_away", kind=asked.kind.value, reason=type(error).__name__)
                    return Answer(Code.UNAVAILABLE)
            except Exception as error:
                log.exception("atm.failed", kind=asked.kind.value, reason=type(error).__name__)
                return Answer(Code.UNCERTAIN)
        raise AssertionError("two tries, two ends")

    return answer
