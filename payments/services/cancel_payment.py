"""Giving a payment back through its gateway: one officer asks, a second approves, the worker carries it out."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit, outbox
from core.errors import Refusal
from core.states import move
from payments.events import CANCEL_ENDED
from payments.gateways import registry
from payments.gateways.base import Capability, Declined, GatewayPayment, Outcome, ReturnAccount, Succeeded
from payments.models import Attempt, Cancellation, Payment
from payments.services.ask import ask_gateway
from payments.states import CANCEL_TRANSITIONS, CancelStatus
from payments.taken import kept_of_attempt

log = structlog.get_logger(__name__)
AGAIN: Final = timedelta(seconds=20)
LONGEST: Final = timedelta(minutes=30)
AT_ONCE: Final = 50


class CancellationRuns(Refusal):
    message = _("A cancellation of this payment is asked for already. Wait until it is decided and carried out.")


class NotSoMuchLeft(Refusal):
    message = _("So much is not left of this payment. Look at it again.")


class NotCancelledHere(Refusal):
    message = _("This payment can't be given back through its gateway.")


class OnlyInWhole(Refusal):
    message = _("This gateway gives a payment back only in whole.")


class CancellationNeedsAnother(Refusal):
    message = _("This was decided already, or another officer has to decide: nobody decides about what they asked for.")


def ask_cancellation(*, payment_id: int, amount: int, reason: str, officer_id: int, at: datetime) -> int:
    """Ask for `amount` (minor units) of a card payment to be given back; the id of the wish.

    Raises `NotCancelledHere`, `OnlyInWhole`, `NotSoMuchLeft` or `CancellationRuns`.
    """
    with transaction.atomic():
        payment = Payment.objects.select_related("attempt").get(pk=payment_id)
        _require_capable(payment, amount)
        try:
            with transaction.atomic():
                wish = Cancellation.objects.create(
                    payment=payment, amount=amount, reason=reason, asked_by_id=officer_id, asked_at=at
                )
        except IntegrityError as error:
            raise (CancellationRuns if "payments_one_open" in str(error) else NotSoMuchLeft) from error
        _audit("cancellation_asked", wish, officer_id)
    return wish.pk


def decide_cancellation(*, cancellation_id: int, granted: bool, officer_id: int, at: datetime) -> None:
    """Approve or reject, in the name of the session's officer, who is not the one who asked. Office only.

    Raises `CancellationNeedsAnother` or `NotSoMuchLeft`.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    cursor.execute("SELECT payments_decide_cancellation(%s, %s, %s)", [cancellation_id, granted, at])
                    ((decided,),) = cursor.fetchall()
            except IntegrityError as error:  # a refund has given it back meanwhile
                raise NotSoMuchLeft from error
        if not decided:
            raise CancellationNeedsAnother
        wish = Cancellation.objects.get(pk=cancellation_id)
        _audit("cancellation_approved" if granted else "cancellation_rejected", wish, officer_id)


def order_cancellation(
    *,
    payment_id: int,
    amount: int,
    reason: str,
    asked_by_id: int,
    decided_by_id: int,
    at: datetime,
    to: ReturnAccount | None = None,
) -> int:
    """Worker, in the caller's transaction: have `amount` of a payment given back, which two officers decided.

    A card gets it itself, a deposit goes `to` an account. Its id; `CANCEL_ENDED` tells what became of it. Raises
    `NotCancelledHere`, `OnlyInWhole`, `NotSoMuchLeft` or `CancellationRuns`.
    """
    payment = Payment.objects.select_related("attempt").get(pk=payment_id)
    _require_capable(payment, amount, kind="deposit" if to else "approval")
    account = json.dumps(asdict(to) if to else {})
    values = (payment_id, amount, account, reason, asked_by_id, decided_by_id, at)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT payments_order_cancellation(%s, %s, %s, %s, %s, %s, %s)", values)
            ((made,),) = cursor.fetchall()
    except IntegrityError as error:
        raise (CancellationRuns if "payments_one_open" in str(error) else NotSoMuchLeft) from error
    return int(made)


def carry_out_cancellation(*, cancellation_id: int, at: datetime) -> None:
    """Worker: have the gateway give the money back, and write down what it says. Runs outside any transaction.

    Said again with the same key it changes nothing, so a lost answer is simply asked for once more; nothing here
    is ever called failed before the gateway said no.
    """
    wish = _claim(cancellation_id, at)
    if wish is None:
        return
    attempt = Attempt.objects.get(payments=wish.payment_id)
    outcome = _give_back(attempt, wish)
    if not isinstance(outcome, Succeeded | Declined):
        log.warning("payment.cancellation_unknown", reference=attempt.reference)
        return
    # The movement stands in the answer to the question, not in the answer to the order.
    answered = ask_gateway(attempt_id=attempt.pk, at=at)
    if isinstance(outcome, Declined):
        _end(wish, CancelStatus.DECLINED, problem=outcome.code)
    elif answered and wish.believed is not None and kept_of_attempt(attempt.pk) <= wish.believed - wish.amount:
        _end(wish, CancelStatus.DONE)


def carry_out_due(*, at: datetime) -> int:
    """Worker: carry out every approved cancellation whose time has come; how many failed and stay due."""
    due = Cancellation.objects.filter(status=CancelStatus.APPROVED, ask_at__lte=at).order_by("ask_at")
    failed = 0
    for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]):
        try:
            carry_out_cancellation(cancellation_id=pk, at=at)
        except Exception:
            log.exception("payments.cancellation_stays_due", id=pk)
            failed += 1
    return failed


def _claim(cancellation_id: int, at: datetime) -> Cancellation | None:
    with transaction.atomic():
        rows = Cancellation.objects.select_for_update().filter(status=CancelStatus.APPROVED, ask_at__lte=at)
        wish = rows.filter(pk=cancellation_id).first()
        if wish is None:
            return None
        if wish.believed is None:
            wish.believed = kept_of_attempt(Attempt.objects.get(payments=wish.payment_id).pk)
        wish.asks += 1
        wish.ask_at = at + min(AGAIN * (1 << min(wish.asks, 10)), LONGEST)
        wish.save(update_fields=["believed", "asks", "ask_at"])
    return wish


def _give_back(attempt: Attempt, wish: Cancellation) -> Outcome[GatewayPayment]:
    return registry.gateway(attempt.gateway).cancel(
        gateway_key=attempt.gateway_key,
        reason=wish.reason,
        amount=None if wish.amount == wish.believed else wish.amount,
        believed=wish.believed or 0,
        key=f"{attempt.reference}-cancel-{wish.pk}",
        to=ReturnAccount(wish.bank, wish.number, wish.holder) if wish.number else None,
    )


def _end(wish: Cancellation, status: CancelStatus, *, problem: str = "") -> None:
    facts = {"ask_at": None, "problem": problem}
    with transaction.atomic():
        move(Cancellation, wish.pk, transitions=CANCEL_TRANSITIONS, old=CancelStatus.APPROVED, new=status, **facts)
        outbox.publish(CANCEL_ENDED, cancellation_id=wish.pk, status=status.value)
        _audit(f"cancellation_{status.value}", wish, None)


def _require_capable(payment: Payment, amount: int, *, kind: str = "approval") -> None:
    if payment.attempt is None or payment.kind != kind:
        raise NotCancelledHere
    try:
        able = registry.gateway(payment.gateway).capabilities
    except registry.UnknownGateway:
        raise NotCancelledHere from None
    if Capability.CANCEL not in able:
        raise NotCancelledHere
    if amount < payment.amount and Capability.PARTIAL_CANCEL not in able:
        raise OnlyInWhole


def _audit(change: str, wish: Cancellation, officer_id: int | None) -> None:
    audit.record(
        action=f"payment.{change}",
        subject=f"payment:{wish.payment_id}",
        actor_id=officer_id,
        reason=wish.reason,
        details={"cancellation": wish.pk, "amount": wish.amount},
    )
