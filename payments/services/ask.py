"""Finding out at the gateway what became of an attempt, and writing it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Coalesce

from core.states import StaleState, move
from payments.gateways import registry, routing
from payments.gateways.base import (
    Declined,
    Gateway,
    GatewayPayment,
    Movement,
    MovementKind,
    Outcome,
    Stage,
    Succeeded,
)
from payments.models import Attempt, Payment, VirtualAccount
from payments.rules.asking import CONFIRM_AGAIN_AFTER, next_ask
from payments.services.call_the_payer import call_the_payer, to_be_called
from payments.services.debits.say import may_be_said_again, say_debit
from payments.services.dispute import learn_objection
from payments.services.reverse import UnableToReverse, reverse
from payments.services.settle import settle
from payments.services.steps import secret_hash
from payments.states import BY_AN_AGENT, TRANSITIONS, Status

log = structlog.get_logger(__name__)
ENDS = {Stage.ABORTED: Status.DECLINED, Stage.EXPIRED: Status.EXPIRED, Stage.CANCELLED: Status.CANCELLED}


def ask_gateway(*, attempt_id: int, at: datetime) -> bool:
    """Ask about one attempt and write down what is true; False if there was no answer. Runs outside any transaction."""
    attempt = Attempt.objects.get(pk=attempt_id)
    if to_be_called(attempt, at):
        return call_the_payer(attempt=attempt, at=at)
    gateway = registry.gateway(attempt.gateway)
    last = Payment.objects.filter(attempt=attempt).aggregate(last=Max("id"))["last"] or 0
    outcome = gateway.inquire(reference=attempt.reference)
    routing.note(gateway.name, outcome)
    if isinstance(outcome, Succeeded) and outcome.value.stage == Stage.RESERVED:
        outcome = _capture(attempt, outcome, gateway)
    if isinstance(outcome, Declined) and outcome.not_found and may_be_said_again(attempt, at=at):
        # An order debits once for ever, so saying it again is safe, also where the first word is still on its way.
        learn_of_debit(attempt, outcome=say_debit(attempt), at=at)
    elif isinstance(outcome, Succeeded):
        believe(attempt, outcome.value, gateway, last=last, at=at)
    elif isinstance(outcome, Declined) and outcome.not_found and attempt.asks > CONFIRM_AGAIN_AFTER:
        # The call that should have made it never arrived, and by now it will not.
        _move(attempt, Status.CREATED, Status.EXPIRED, failure=outcome.code)
    return isinstance(outcome, Succeeded | Declined)


def learn_of_debit(attempt: Attempt, *, outcome: Outcome[GatewayPayment], at: datetime) -> None:
    """Write down what the bank answered to a debit. Without an answer nothing is written: it is asked."""
    if isinstance(outcome, Succeeded):
        believe(attempt, outcome.value, registry.gateway(attempt.gateway), last=0, at=at)
    elif isinstance(outcome, Declined):
        _move(attempt, Status.CREATED, Status.DECLINED, failure=outcome.code, ask_at=None)


def believe(attempt: Attempt, told: GatewayPayment, gateway: Gateway, *, last: int, at: datetime) -> None:
    """`last`: the newest payment that we had booked before we asked."""
    if told.currency != settings.ETAX_CURRENCY or told.reference != attempt.reference:
        log.error("payment.answer_about_something_else", reference=attempt.reference)
        return
    _post(attempt, [*_gone(attempt, told, last=last, at=at), *told.movements], at)
    if told.stage in {Stage.WAITING, Stage.AUTHENTICATED} and attempt.status == Status.CREATED:
        _found_open(attempt, told, at)
    elif told.stage == Stage.AUTHENTICATED and attempt.status == Status.WAITING and attempt.channel in BY_AN_AGENT:
        _agreed_by_keys(attempt, gateway, last=last, at=at)
    elif told.stage == Stage.WAITING and attempt.status == Status.CONFIRMING:
        _move(attempt, Status.CONFIRMING, Status.WAITING)
    elif told.stage == Stage.AUTHENTICATED and attempt.status == Status.CONFIRMING:
        _say_again(attempt, gateway, at)
    elif told.stage in ENDS and attempt.status in {Status.CREATED, Status.WAITING, Status.CONFIRMING}:
        end = ENDS[told.stage]
        if end not in TRANSITIONS[Status(attempt.status)]:
            end = Status.EXPIRED
        _move(attempt, Status(attempt.status), end, failure=told.failure)


def _capture(attempt: Attempt, reserved: Succeeded[GatewayPayment], gateway: Gateway) -> Outcome[GatewayPayment]:
    """Take what the gateway keeps for us, unless the payment has ended here. Asked again, it takes nothing twice."""
    if attempt.status != Status.CONFIRMING:
        return reserved
    return gateway.capture(reference=attempt.reference, gateway_key=reserved.value.gateway_key, amount=attempt.amount)


def _post(attempt: Attempt, movements: Sequence[Movement], at: datetime) -> None:
    """Money that came and money that was taken back, in the order in which the gateway tells it."""
    for movement in movements:
        if movement.kind.money_came:
            settle(gateway=attempt.gateway, reference=attempt.reference, movement=movement, at=at)
            continue
        try:
            reverse(
                gateway=attempt.gateway,
                reference=attempt.reference,
                movement=movement,
                of_movement=movement.of or None,
                at=at,
            )
            if movement.kind == MovementKind.CHARGEBACK:
                learn_objection(gateway=attempt.gateway, movement_id=movement.id)
        except UnableToReverse as refused:
            log.error("payment.reversal_refused", reference=attempt.reference, problem=str(refused))


def _gone(attempt: Attempt, told: GatewayPayment, *, last: int, at: datetime) -> list[Movement]:
    """Deposits that the bank took back (입금 오류), at a gateway that does not tell it as a movement.

    Only of those that we had booked before we asked: of a younger one an answer on its way may not know yet.
    """
    if not told.complete:
        return []
    booked = Payment.objects.filter(attempt=attempt, kind=MovementKind.DEPOSIT, pk__lte=last)
    kept = booked.annotate(kept=F("amount") - Coalesce(Sum("taken_back__amount"), 0)).filter(kept__gt=0)
    there = [movement.id for movement in told.movements]
    return [
        Movement(f"{payment.movement_id}/back", MovementKind.DEPOSIT_RETURN, payment.kept, at, of=payment.movement_id)
        for payment in kept.exclude(movement_id__in=there).order_by("id")
    ]


def _found_open(attempt: Attempt, told: GatewayPayment, at: datetime) -> None:
    """The answer to our first call was lost; what it would have said is known now."""
    with transaction.atomic():
        expires_at = told.expires_at or attempt.expires_at
        moved = _move(
            attempt,
            Status.CREATED,
            Status.WAITING,
            gateway_key=told.gateway_key,
            page_url=told.page_url,
            expires_at=expires_at,
        )
        if moved and told.code:
            VirtualAccount.objects.get_or_create(
                attempt=attempt, defaults={"bank": "", "number": told.code.number, "expires_at": expires_at}
            )
        if moved and told.account:
            VirtualAccount.objects.get_or_create(
                attempt=attempt,
                defaults={
                    "bank": told.account.bank,
                    "number": told.account.number,
                    "expires_at": expires_at,
                    "secret_hash": secret_hash(told.account),
                },
            )


def _agreed_by_keys(attempt: Attempt, gateway: Gateway, *, last: int, at: datetime) -> None:
    """The payer agreed on the telephone, and no browser comes back: have the money taken, once.

    A lost answer leaves the attempt `confirming`, as for a card: the next question finds out.
    """
    if not _move(attempt, Status.WAITING, Status.CONFIRMING, asks=0):
        return
    attempt.refresh_from_db()
    outcome = gateway.confirm(reference=attempt.reference, gateway_key=attempt.gateway_key, amount=attempt.amount)
    routing.note(gateway.name, outcome)
    if isinstance(outcome, Declined):
        outcome = gateway.inquire(reference=attempt.reference)
    if isinstance(outcome, Succeeded):
        believe(attempt, outcome.value, gateway, last=last, at=at)


def _say_again(attempt: Attempt, gateway: Gateway, at: datetime) -> None:
    """The payer agreed and we asked to take the money, but the gateway has not: our word was lost on the way."""
    if attempt.asks > CONFIRM_AGAIN_AFTER:
        gateway.confirm(reference=attempt.reference, gateway_key=attempt.gateway_key, amount=attempt.amount)


def _move(attempt: Attempt, old: Status, new: Status, **changes: Any) -> bool:
    """A guarded step; False if the attempt is elsewhere by now, which is as good."""
    if attempt.status != old:
        return False
    try:
        move(Attempt, attempt.pk, transitions=TRANSITIONS, old=old, new=new, **changes)
    except StaleState:
        return False
    log.info("payment.moved", reference=attempt.reference, old=old.value, new=new.value)
    return True


def schedule(*, attempt: Attempt, at: datetime) -> datetime | None:
    return next_ask(
        status=attempt.status, channel=attempt.channel, asks=attempt.asks, expires_at=attempt.expires_at, at=at
    )
