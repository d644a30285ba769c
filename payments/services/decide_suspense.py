"""Money in suspense, and attempts whose gateway is silent: one officer of the city asks, a second decides."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import Refusal
from core.identifiers import new_reference
from payments.models import Attempt, ForcedState, SuspenseCase
from payments.services.begin import link_secret
from payments.states import LIVE, Status, SuspenseWay


class AskedAlready(Refusal):
    message = _("Somebody asked for something here already. Wait until it is decided.")


class NothingInSuspense(Refusal):
    message = _("This money is no longer in suspense, or less of it is left. Look at it again.")


class DecidedByAnother(Refusal):
    message = _("This was decided already, or another officer has to decide: nobody decides about what they asked for.")


class AttemptEnded(Refusal):
    message = _("This payment has ended by itself. Look at it again.")


class NothingToReadAgain(Refusal):
    message = _("This message is processed, or its content is no longer kept.")


@dataclass(frozen=True)
class Account:
    """The account that money goes back to; `holder` as the bank named who sent it."""

    bank: str
    number: str
    holder: str


def ask_to_assign(*, payment_id: int, bill_id: int, reason: str, officer_id: int, at: datetime) -> int:
    """Ask for money in suspense to pay a bill as of the moment when it came. Raises NothingInSuspense, AskedAlready."""
    facts = {"way": SuspenseWay.ASSIGN, "bill_id": bill_id}
    return _ask(payment_id=payment_id, facts=facts, reason=reason, officer_id=officer_id, at=at)


def ask_to_return(*, payment_id: int, to: Account, reason: str, officer_id: int, at: datetime) -> int:
    """Ask for money in suspense to go back to who sent it. Raises NothingInSuspense, AskedAlready."""
    facts = {"way": SuspenseWay.RETURN, "bank": to.bank, "number": to.number, "holder": to.holder}
    return _ask(payment_id=payment_id, facts=facts, reason=reason, officer_id=officer_id, at=at)


def _ask(*, payment_id: int, facts: dict[str, Any], reason: str, officer_id: int, at: datetime) -> int:
    with transaction.atomic():
        amount = _one("SELECT payments_in_suspense(%s)", payment_id)
        if not amount:
            raise NothingInSuspense
        try:
            with transaction.atomic():
                case = SuspenseCase.objects.create(
                    payment_id=payment_id, amount=amount, reason=reason, asked_by_id=officer_id, asked_at=at, **facts
                )
        except IntegrityError as error:
            raise AskedAlready from error
        _audit("suspense_asked", f"payment:{payment_id}", officer_id, reason, case=case.pk, way=case.way)
    return case.pk


def decide_suspense(*, case_id: int, granted: bool, officer_id: int, at: datetime) -> None:
    """Decide in the name of the session's officer, who is not the one who asked; done at once. Office only.

    Raises DecidedByAnother or NothingInSuspense.
    """
    reference = new_reference("PAY")
    token = hashlib.sha256(link_secret(reference).encode()).digest()
    facts = {"reference": reference, "currency": settings.ETAX_CURRENCY, "language": settings.LANGUAGE_CODE}
    with transaction.atomic():
        values = (case_id, granted, json.dumps(facts), token, at)
        answer = _one("SELECT payments_decide_suspense(%s, %s, %s, %s, %s)", *values)
        _refuse(answer, NothingInSuspense)
        case = SuspenseCase.objects.get(pk=case_id)
        _audit(f"suspense_{answer}", f"payment:{case.payment_id}", officer_id, case.reason, case=case.pk, way=case.way)


def ask_to_force(*, attempt_id: int, becomes: Status, reason: str, officer_id: int, at: datetime) -> int:
    """Ask for an attempt to be ended although its gateway says nothing. Raises AttemptEnded or AskedAlready."""
    with transaction.atomic():
        attempt = Attempt.objects.get(pk=attempt_id)
        if attempt.status not in LIVE:
            raise AttemptEnded
        try:
            with transaction.atomic():
                wish = ForcedState.objects.create(
                    attempt=attempt, becomes=becomes, reason=reason, asked_by_id=officer_id, asked_at=at
                )
        except IntegrityError as error:
            raise AskedAlready from error
        _audit("forcing_asked", f"attempt:{attempt.reference}", officer_id, reason, becomes=becomes.value)
    return wish.pk


def decide_forcing(*, forcing_id: int, granted: bool, officer_id: int, at: datetime) -> None:
    """Decide as `decide_suspense`. Raises DecidedByAnother or AttemptEnded."""
    with transaction.atomic():
        answer = _one("SELECT payments_decide_forcing(%s, %s, %s)", forcing_id, granted, at)
        _refuse(answer, AttemptEnded)
        wish = ForcedState.objects.select_related("attempt").get(pk=forcing_id)
        _audit(f"forcing_{answer}", f"attempt:{wish.attempt.reference}", officer_id, wish.reason, becomes=wish.becomes)


def replay_message(*, message_id: int, officer_id: int, at: datetime) -> None:
    """Have the worker look at a message again, as if it had just come. Raises NothingToReadAgain."""
    with transaction.atomic():
        if not _one("SELECT payments_replay(%s, %s)", message_id, at):
            raise NothingToReadAgain
        _audit("message_replayed", f"message:{message_id}", officer_id, "")


def _refuse(answer: str | None, stale: type[Refusal]) -> None:
    if answer is None:
        raise DecidedByAnother
    if answer == "stale":
        raise stale


def _one(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        ((found,),) = cursor.fetchall()
    return found


def _audit(change: str, subject: str, officer_id: int, reason: str, **details: Any) -> None:
    audit.record(action=f"payment.{change}", subject=subject, actor_id=officer_id, reason=reason, details=details)
