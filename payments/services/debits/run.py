"""The debit run: what falls due is made attempts, the bank is told, and what it answered is written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from payments.gateways import registry, routing
from payments.gateways.base import GatewayPayment, Order, Outcome
from payments.models import Attempt, DebitTry
from payments.services.ask import learn_of_debit
from payments.services.debits.begin import begin_debits, make_debits
from payments.services.debits.conclude import conclude_debits, conclude_late_successes
from payments.services.debits.say import debit_title
from payments.services.mandates.learn import resolve_mandates_due

log = structlog.get_logger(__name__)
AT_ONCE: Final = 100
# Banks answer one by one; so many are asked side by side.
SIDE_BY_SIDE: Final = 8
MOST_ROUNDS: Final = 1_000
# A job of the worker gives way to others after so many, and the next minute's goes on.
ROUNDS_OF_A_JOB: Final = 50


@dataclass(frozen=True)
class DebitRun:
    """`made`: newly to be debited; `tried`: the bank was told; `concluded`: known by now what became of it."""

    made: int
    tried: int
    concluded: int


def run_debits(
    *, at: datetime, until: datetime | None = None, make: bool = True, rounds: int = MOST_ROUNDS
) -> DebitRun:
    """Debit whatever is due by `until` (by now, where none is given). Runs outside any transaction.

    `make`: write down first what falls due, which looks at every mandate; the worker does so less often.
    May be killed at any line: what the bank may have heard of is an attempt, and the sweep asks about it; what became
    of attempts is concluded from their rows by the next run.
    """
    until = until or at
    made = make_debits(until=until) if make else 0
    tried = concluded = 0
    for _ in range(rounds):
        attempts = begin_debits(at=at, until=until, most=AT_ONCE)
        if attempts is None:
            break
        tried += len(attempts)
        _tell_the_bank(attempts, at)
        resolve_mandates_due(at=at)
        concluded += conclude_debits(at=at, after=until)
    resolve_mandates_due(at=at)
    concluded += conclude_debits(at=at, after=until)
    if make:
        concluded += conclude_late_successes(at=at)
    log.info("payments.debits_run", made=made, tried=tried, concluded=concluded)
    return DebitRun(made, tried, concluded)


def _tell_the_bank(attempts: list[Attempt], at: datetime) -> None:
    keys = dict(DebitTry.objects.filter(attempt__in=attempts).values_list("attempt_id", "debit__mandate__gateway_key"))
    titles = {attempt.pk: debit_title(attempt) for attempt in attempts}

    def call(attempt: Attempt) -> Outcome[GatewayPayment]:
        order = Order(attempt.reference, attempt.amount, titles[attempt.pk], attempt.language)
        return registry.gateway(attempt.gateway).debit(mandate_key=keys[attempt.pk], order=order)

    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as side_by_side:
        outcomes = list(side_by_side.map(call, attempts))
    for attempt, outcome in zip(attempts, outcomes, strict=True):
        routing.note(attempt.gateway, outcome)
        try:
            learn_of_debit(attempt, outcome=outcome, at=at)
        except Exception:
            # The attempt is asked about like any whose answer was lost.
            log.exception("payments.debit_stays_due", reference=attempt.reference)
